import { freePort } from '../targets/free-port.js';
import { readAllowedCpus } from '../measure/cpus.js';
import { canPin, foregroundRemedy, howEnded, spawnGuarded } from '../process/guard.js';
import { leavesItsServer } from '../targets/listener.js';
import { lastLines, OutputTail } from '../process/output-tail.js';
import { httpQuestion } from '../targets/ready-question.js';
import { waitUntilReady } from '../targets/readiness.js';
import { reasonOf, TargetError } from '../targets/target-error.js';
import type { RunningServer } from './running-server.js';
import type { CommandSubject } from './subject.js';

const host = '127.0.0.1';
const readyTimeoutMs = 30_000;
const graceMs = 2_000;
const remedy = 'It must serve the port that it finds in PORT, or in place of {port}';

/** Starts it on a free port, and waits until it answers. Rejects with a TargetError. */
export async function startCommand(
  { name, command, path, where }: CommandSubject,
  cpus: readonly number[],
  signal: AbortSignal,
): Promise<RunningServer> {
  const port = await freePort(host);
  const words = commandWords(command.replaceAll('{port}', String(port)));
  const env = { ...process.env, HOST: host, PORT: String(port) };
  const options = { cwd: process.cwd(), env, output: 'pipe', cpus } as const;
  const guarded = await spawnGuarded(words, options).catch((error: unknown) => {
    throw new TargetError('cannot-start', `${where} '${name}': ${reasonOf(error)}`, remedy);
  });
  const output = new OutputTail();
  output.follow(guarded.child.stdout);
  output.follow(guarded.child.stderr);
  const exit: { how: string | null; daemon: boolean } = { how: null, daemon: false };
  const stopAsking = new AbortController();
  void guarded.exited.then((reason) => {
    exit.how = howEnded(reason);
    exit.daemon = reason.leftDaemons === true;
    stopAsking.abort();
  });
  const readiness = await waitUntilReady({
    ...{
      host,
      port,
      question: httpQuestion(host, port, path),
      startedAt: guarded.executedAt,
      timeoutMs: readyTimeoutMs,
    },
    signal: AbortSignal.any([signal, stopAsking.signal]),
  });
  if (!readiness.ready || (await leavesItsServer(guarded, port))) {
    // Before it is ended here: that would be told as its own doing.
    const endedItself = exit.how;
    await guarded.end(0);
    signal.throwIfAborted();
    const said = lastLines(output.text());
    const why =
      endedItself !== null || readiness.ready
        ? `ended (${endedItself ?? 'by itself'}) when it had just begun`
        : `was not ready within ${readyTimeoutMs / 1000} s: it does not answer http://${host}:${port}${path} with 200 (last: ${readiness.lastAnswer ?? 'nothing'})`;
    throw new TargetError(
      'cannot-start',
      `${where} '${name}' ${why}${said === '' ? '' : `:\n${said}`}`,
      exit.daemon ? foregroundRemedy : remedy,
    );
  }
  const bound = cpus.length > 0 && canPin();
  return {
    origins: [{ protocol: 'http:', hostname: host, address: host, port }],
    pids: [guarded.pid],
    owned: true,
    startupMs: readiness.afterMs,
    artifactBytes: null,
    cpuCount: (bound ? cpus : readAllowedCpus()).length,
    cpus: bound ? cpus : null,
    probeUrls: [],
    ended: () => (exit.how === null ? null : { how: exit.how, said: output.text() }),
    stop: async () => {
      await guarded.end(graceMs);
    },
  };
}

/**
 * Plain words are started without a shell: it would run a damaged program as a script. What only a
 * shell understands is a shell's; of it a single command takes the shell's place, so that the
 * shell's memory is not counted.
 */
function commandWords(command: string): string[] {
  if (/^[\w\s./:=@%+,{}-]+$/.test(command) && !/^\s*\w+=/.test(command)) {
    return command.trim().split(/\s+/);
  }
  const single = !/[;&|<>()$`\n]|^\s*\w+=/.test(command);
  return ['/bin/sh', '-c', single ? `exec ${command}` : command];
}
