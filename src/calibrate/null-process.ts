import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accepts } from '../load/resolve.js';
import { freePort } from '../targets/free-port.js';
import { spawnGuarded } from '../process/guard.js';

const program = fileURLToPath(new URL('../../bin/c1m.js', import.meta.url));
const host = '127.0.0.1';
const patienceMillis = 10_000;

/** `c1m serve` in a process of its own, on CPUs of its own; it does not outlive this one. */
interface NullProcess {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startNullProcess(cpus: readonly number[]): Promise<NullProcess> {
  const port = await freePort(host);
  const command = [process.execPath, program, 'serve', '--host', host, '--ports', `${port}`];
  const guarded = await spawnGuarded(command, {
    cwd: process.cwd(),
    env: process.env,
    output: 'pipe',
    cpus,
  });
  let said = '';
  guarded.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  guarded.child.stdout?.resume();
  const stop = async (): Promise<void> => {
    await guarded.end(1_000);
  };
  const deadline = performance.now() + patienceMillis;
  while (!(await accepts(host, port))) {
    if (guarded.child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`c1m serve did not start: ${said.trim() || 'it said nothing'}`);
    }
    await sleep(50);
  }
  return { url: `http://${host}:${port}/`, stop };
}
