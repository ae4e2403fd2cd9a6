import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const underTest = fileURLToPath(new URL('./src/', import.meta.url));
const built = fileURLToPath(new URL('./dist/', import.meta.url));

/**
 * Where dist/ is known to be of the same source, tests that import src/ get its modules, loaded by
 * Node and not by Vite: a fifth less of CPU time, and, where Node counts coverage, one account of
 * every line for tests, child processes and worker threads.
 */
const builtInsteadOfSource: Plugin = {
  name: 'built-instead-of-source',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    // This test stands in for modules of Node's, which Vite can do and Node cannot.
    if (importer?.endsWith('off-linux.test.ts')) return null;
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    if (resolved === null || !resolved.id.startsWith(underTest)) return resolved;
    if (importer?.startsWith(underTest)) return resolved;
    return resolved.id.replace(underTest, built).replace(/\.ts$/, '.js');
  },
};

const isBuilt = process.env['C1M_TESTS'] === 'built';
const coverage = process.env['NODE_V8_COVERAGE'] !== undefined;

/** These hold figures against the truth: one file at a time, so that they do not disturb each other. */
const measuring = [
  'test/duet/{pair,scout,warm-up}.test.ts',
  'test/scheduling/{known-delays,wakefulness}.test.ts',
  'test/experiment/{known-calls,known-delays,known-events,many-connections,open-workload,pulse}.test.ts',
  'test/load/blocked-worker.test.ts',
  'test/load/transport/uring/allocation.test.ts',
  'test/perf/**/*.test.ts',
  'test/cli/{compare,gate-verdict}.test.ts',
  'test/benchmarks.test.ts',
];

/** These wait for what c1m says of a measurement, and for servers that fail it: two files at a time. */
const watching = [
  'test/scheduling/{counts,fallback}.test.ts',
  'test/experiment/{requests,target}.test.ts',
  'test/measure/*sampler.test.ts',
  'test/cli/compare-failures.test.ts',
  'test/edges/{end-of-phase,outage,shortfall}.test.ts',
];

export default defineConfig({
  plugins: isBuilt ? [builtInsteadOfSource] : [],
  test: {
    testTimeout: 60_000,
    hookTimeout: 300_000,
    // Of the tests in one file that say that they may run beside each other.
    maxConcurrency: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...measuring, ...watching],
          // They mostly wait, for processes and for time to pass.
          maxWorkers: 5,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'watching',
          include: watching,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'measuring',
          include: measuring,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    ...(isBuilt ? { server: { deps: { external: [/\/dist\/.*\.js$/] } } } : {}),
    ...(coverage ? { setupFiles: ['test/fixtures/take-coverage.ts'] } : {}),
  },
});
