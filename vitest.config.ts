import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const underTest = fileURLToPath(new URL('./src/', import.meta.url));
const built = fileURLToPath(new URL('./dist/', import.meta.url));

/**
 * Where Node itself counts coverage, tests that import src/ get the same modules from dist/, loaded
 * by Node and not by Vite: one account of every line for tests, child processes and worker threads.
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

const coverage = process.env['NODE_V8_COVERAGE'] !== undefined;

export default defineConfig({
  plugins: coverage ? [builtInsteadOfSource] : [],
  test: {
    include: ['test/**/*.test.ts'],
    // The tests start real servers and load them: one file at a time, so that they do not disturb each other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 300_000,
    ...(coverage
      ? {
          server: { deps: { external: [/\/dist\/.*\.js$/] } },
          setupFiles: ['test/fixtures/take-coverage.ts'],
        }
      : {}),
  },
});
