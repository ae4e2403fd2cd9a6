import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const section = new URL('../../dist/uring/critical-section.js', import.meta.url).href;

/** Runs a module in a process of its own; `pause(millis)` blocks its thread. */
function run(main: string, worker: string) {
  const program = `
    import { writeSync } from 'node:fs';
    import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
    import { betweenSections, uninterrupted, uninterruptedly } from '${section}';
    const pause = (millis) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
    const say = (text) => writeSync(1, text + '\\n');
    const self = new URL('data:text/javascript,' + encodeURIComponent(process.env.PROGRAM));
    const start = (workerData = null) => new Worker(self, { workerData });
    async function work() { ${worker} }
    if (isMainThread) { ${main} } else void work();`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', program],
    { encoding: 'utf8', env: { ...process.env, PROGRAM: program }, timeout: 30_000 },
  );
  return { said: stdout.trim().split('\n'), stderr, status };
}

describe('a section of a worker thread', () => {
  it('is ended by no exit of the process, and none is begun after that', () => {
    const main = `
      const first = start('first');
      first.once('message', () => start('second').once('message', () => process.exit(7)));`;
    const worker = `
      if (workerData === 'first') {
        await uninterruptedly(async () => {
          parentPort.postMessage('inside');
          await new Promise((resolve) => setTimeout(resolve, 600));
          pause(100);
          say('whole');
        });
      } else {
        parentPort.postMessage('there');
        pause(300);
        uninterrupted(() => say('too late'));
      }`;
    expect(run(main, worker)).toEqual({ said: ['whole'], stderr: '', status: 7 });
  });

  it('is ended by nobody who ends a worker between sections, and others go on', () => {
    const main = `
      const first = start('first');
      first.once('message', () => {
        betweenSections(() => void first.terminate());
        first.once('exit', () => start('second'));
      });`;
    const worker = `
      if (workerData === 'first') {
        uninterrupted(() => {
          parentPort.postMessage('inside');
          pause(300);
          say('whole');
        });
        setInterval(() => undefined, 1_000);
      } else uninterrupted(() => say('another'));`;
    expect(run(main, worker)).toEqual({ said: ['whole', 'another'], stderr: '', status: 0 });
  });

  it('keeps nobody waiting who is stuck in one', () => {
    const main = `start().once('message', () => process.exit(7));`;
    const worker = `
      uninterrupted(() => {
        parentPort.postMessage('inside');
        pause(60_000);
      });`;
    expect(run(main, worker)).toMatchObject({ status: 7 });
  });
});
