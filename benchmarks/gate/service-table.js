import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { datedFile } from '../dated-notes.js';

export const lineFile = fileURLToPath(new URL('services.jsonl', import.meta.url));

const time = ['cpuUsPerRequest', 'instructionsPerRequest', 'requestsPerSecond', 'p50', 'p99'];
/** What each case makes worse. A regression in anything else is called wrongly. */
const worse = { same: [], cpu10: time, memory: ['rssIdle', 'rssPeak'] };

const regressed = ({ metrics }) => metrics.filter(({ verdict }) => verdict === 'regression');
const found = (line) => regressed(line).some(({ name }) => worse[line.case].includes(name));
const wrong = (line) => regressed(line).some(({ name }) => !worse[line.case].includes(name));

/** Prints a table of all lines, and writes it to a file of today's. */
export function writeTable(services) {
  const lines = existsSync(lineFile)
    ? readFileSync(lineFile, 'utf8').trim().split('\n').map(JSON.parse)
    : [];
  if (lines.length === 0) throw new Error('No gate has been run yet: services.js SERVICE CASE');
  const { host, kernel, node } = lines.at(-1);
  const commits = [...new Set(lines.map(({ commit }) => commit))].join(', ');
  const loads = lines.map(({ loadAverage }) => loadAverage).sort((a, b) => a - b);
  const rows = services.map((service) => [
    service,
    lines.filter((line) => line.service === service),
  ]);
  const text = `# How often the gate is right, on real services

${lines.length} whole gates from ${lines[0].startedAt} to ${lines.at(-1).startedAt}, by \`node
benchmarks/gate/services.js SERVICE CASE\`, at commit ${commits}. Host: ${host.cpus} CPUs of an
${host.cpuModel}, Linux ${kernel}, Node ${node}; load average before a gate ${loads[0].toFixed(2)} to
${loads.at(-1).toFixed(2)}, ${loads[loads.length >> 1].toFixed(2)} in the median. All metrics, default budget and
allowed changes. *same*: nothing has changed; *cpu10*: 10 % more CPU per request; *memory*: about 12 % more
memory, or 2.4 MB. *Wrong*: a regression in a metric that was not made worse. *Found*: one in a metric
that was, of the gates where one was. The line of each gate is in services.jsonl.

${table([
  ...heading('service'),
  ...rows.filter(([, of]) => of.length > 0).map(([service, of]) => [service, ...cells(of)]),
  ['all', ...cells(lines)],
])}

${table([
  ...heading('case'),
  ...Object.keys(worse)
    .map((name) => [name, lines.filter((line) => line.case === name)])
    .filter(([, of]) => of.length > 0)
    .map(([name, of]) => [name, ...cells(of)]),
])}
`;
  console.log(text);
  writeFileSync(datedFile('gate/services'), text);
}

/** Of the columns that `cells` fills. */
const heading = (first) => [
  [
    first,
    'gates',
    'pass',
    'wrong',
    'found',
    'inconclusive',
    'invalid',
    'pairs, median',
    'seconds, median',
  ],
  ['---', ...Array(8).fill('--:')],
];

const table = (rows) => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

function cells(lines) {
  const count = (...of) => lines.filter(({ verdict }) => of.includes(verdict)).length;
  const changed = lines.filter((line) => worse[line.case].length > 0);
  const median = (figure) => lines.map(figure).sort((a, b) => a - b)[lines.length >> 1];
  return [
    ...[lines.length, count('pass', 'improvement'), lines.filter(wrong).length],
    changed.length === 0 ? '' : `${changed.filter(found).length} of ${changed.length}`,
    ...[count('inconclusive'), count('invalid')],
    ...[median(({ pairs }) => pairs), median(({ seconds }) => seconds)],
  ];
}
