import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('neither reading a response nor writing a request allocates', async () => {
  const probe = fileURLToPath(new URL('./allocation-probe.js', import.meta.url));
  const room = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128'];
  // Counting coverage allocates.
  const env = { ...process.env, NODE_V8_COVERAGE: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, [...room, probe], { env });
  const bytesPerCall = JSON.parse(stdout) as Record<string, number>;
  expect(Object.keys(bytesPerCall)).toHaveLength(6);
  for (const [name, bytes] of Object.entries(bytesPerCall)) expect(bytes, name).toBeLessThan(1);
});
