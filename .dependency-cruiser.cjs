/**
 * Which room of src/ may import from which: the arrows of CONTRIBUTING.md's map, from the ground up.
 * `npx depcruise src` holds the code to them, and to having no circles.
 */
const arrows = {
  basis: [],
  results: ['basis'],
  figures: ['basis', 'results'],
  latency: ['basis', 'figures', 'results'],
  stats: ['basis'],
  process: ['basis'],
  uring: ['basis'],
  tls: ['uring'],
  perf: ['process'],
  measure: ['basis', 'process', 'results'],
  store: ['basis', 'latency', 'measure', 'process', 'results'],
  load: ['basis', 'figures', 'latency', 'measure', 'results', 'tls', 'uring'],
  grpc: ['basis', 'load', 'tls'],
  thresholds: ['basis', 'figures', 'load', 'results', 'stats'],
  config: ['basis', 'grpc', 'load', 'measure', 'thresholds', 'tls'],
  gate: ['basis', 'figures', 'stats'],
  compare: ['figures', 'results', 'stats'],
  scheduling: ['basis', 'latency', 'measure', 'perf', 'process', 'results'],
  serve: ['load', 'uring'],
  doctor: ['measure', 'results', 'scheduling', 'uring'],
  targets: ['basis', 'config', 'load', 'measure', 'process'],
  program: ['measure', 'process', 'targets'],
  init: ['basis', 'targets'],
  subject: ['basis', 'config', 'load', 'measure', 'process', 'targets'],
  experiment: [
    ...['basis', 'config', 'figures', 'latency', 'load', 'measure', 'process', 'results'],
    ...['scheduling', 'stats', 'store', 'subject', 'targets', 'thresholds', 'tls', 'uring'],
  ],
  claims: [
    ...['basis', 'config', 'experiment', 'figures', 'measure', 'perf', 'program', 'results'],
    ...['stats', 'store', 'subject', 'targets', 'uring'],
  ],
  library: ['basis', 'config', 'experiment', 'measure', 'results', 'scheduling', 'subject'],
  report: [
    'basis',
    'compare',
    'config',
    'figures',
    'gate',
    'latency',
    'results',
    'stats',
    'store',
    'thresholds',
  ],
};

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(arrows).map(([room, others]) => ({
      name: `arrows-of-${room}`,
      severity: 'error',
      comment: `${room}/ may import from ${others.length === 0 ? 'no other room' : others.join(', ')}`,
      from: { path: `^src/${room}/` },
      to: { path: '^src/[^/]+/', pathNot: `^src/(${[room, ...others].join('|')})/` },
    })),
    {
      name: 'transport-knows-no-protocol',
      severity: 'error',
      comment: 'a transport moves octets; what they mean is said by a codec (protocol/codec.ts)',
      from: { path: '^src/load/transport/' },
      to: { path: '^src/load/protocol/[^/]+/' },
    },
    {
      name: 'protocol-knows-no-transport',
      severity: 'error',
      comment: 'a codec reads octets, wherever they come from',
      from: { path: '^src/load/protocol/' },
      to: { path: '^src/load/(transport|undici)/' },
    },
    {
      name: 'cli-on-top',
      severity: 'error',
      comment: 'nothing imports from cli/, and only cli/ from what a command does',
      from: { path: '^src/', pathNot: '^src/(cli|baseline|calibrate|claims|duet|wakeup)/' },
      to: { path: '^src/(cli|baseline|calibrate|claims|duet|wakeup)/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', 'dist'] },
  },
};
