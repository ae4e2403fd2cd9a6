import { keptCommand } from '../config/secrets.js';
import { freePort } from '../targets/free-port.js';
import { foregroundRemedy, howEnded, spawnGuarded } from '../process/guard.js';
import { leavesItsServer } from '../targets/listener.js';
import { lastLines, OutputTail } from '../process/output-tail.js';
import { waitUntilReady } from '../targets/readiness.js';
import { reasonOf, TargetError } from '../targets/target-error.js';
import type { Contender, Contestant } from './contender.js';

const host = '127.0.0.1';
const readyTimeoutMs = 30_000;
const graceMs = 2_000;
const remedy = 'It must serve the port that it finds in PORT, or in place of {port}';

/**
 * A shell command that serves the port in its environment (PORT), or the one that stands in place of
 * `{port}`. It is up when it answers the path with 200.
 */
export function commandContender(command: string, path: string, flag: string): Contender {
  return {
    label: keptCommand(command),
    fresh: true,
    secure: false,
    start: (cpus, signal) => startCommand(command, path, flag, cpus, signal),
  };
}

async function startCommand(
  command: string,
  path: string,
  flag: string,
  cpus: readonly number[],
  signal: AbortSignal,
): Promise<Contestant> {
  const port = await freePort(host);
  const words = commandWords(command.replaceAll('{port}', String(port)));
  const env = { ...process.env, HOST: host, PORT: String(port) };
  const options = { cwd: process.cwd(), env, output: 'pipe', cpus } as const;
  const guarded = await spawnGuarded(words, options).catch((error: unknown) => {
    throw new TargetError(
      'cannot-start',
      `${flag} '${keptCommand(command)}': ${reasonOf(error)}`,
      remedy,
    );
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
    ...{ host, port, path, startedAt: guarded.executedAt, timeoutMs: readyTimeoutMs },
    signal: AbortSignal.any([signal, stopAsking.signal]),
  });
  if (!readiness.ready || (await leavesItsServer(guarded, port))) {
    await guarded.end(0);
    signal.throwIfAborted();
    const said = lastLines(output.text());
    const why =
      exit.how !== null || readiness.ready
        ? `ended (${exit.how ?? 'by itself'}) when it had just begun`
        : `does not answer http://${host}:${port}${path} with 200 (last: ${readiness.lastAnswer ?? 'nothing'})`;
    throw new TargetError(
      'cannot-start',
      `${flag} '${keptCommand(command)}' ${why}${said === '' ? '' : `:\n${said}`}`,
      exit.daemon ? foregroundRemedy : remedy,
    );
  }
  return {
    origin: { protocol: 'http:', hostname: host, address: host, port },
    pids: [guarded.pid],
    startupMs: readiness.afterMs,
    ended: () => exit.how,
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
