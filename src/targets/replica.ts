import type { BuiltTarget } from './build.js';
import { freePort, isFree } from './free-port.js';
import {
  foregroundRemedy,
  howEnded,
  type GuardedProcess,
  type ProcessExit,
} from '../process/guard.js';
import { leavesItsServer, listensOn } from './listener.js';
import { OutputTail } from '../process/output-tail.js';
import type { Manifest } from './manifest.js';
import { http2Question, httpQuestion, type ReadyQuestion } from './ready-question.js';
import { waitUntilReady } from './readiness.js';
import { TargetError } from './target-error.js';
import { spawnTarget } from './target-process.js';

interface ReplicaOptions {
  host: string;
  /** A port of the caller's choice; then there is no other try. */
  port?: number | undefined;
  /** It gets a port for its probe as well. */
  probe: boolean;
  cpus?: readonly number[] | undefined;
  env: Readonly<Record<string, string>>;
  signal: AbortSignal | undefined;
}

/** One process of a target that answers. */
export interface Replica {
  pid: number;
  port: number;
  url: string;
  probeUrl: string | null;
  startupMs: number;
  process: GuardedProcess;
  output: OutputTail;
}

const attempts = 5;

export async function startReplica(built: BuiltTarget, options: ReplicaOptions): Promise<Replica> {
  const { host, port } = options;
  if (port !== undefined) {
    if (!(await isFree(host, port))) throw portTaken(built, port);
    return startOn(built, port, options);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(built, await freePort(host), options);
    } catch (error) {
      const again = error instanceof TargetError && error.kind === 'port-taken';
      if (!again || attempt === attempts) throw error;
    }
  }
}

async function startOn(
  built: BuiltTarget,
  port: number,
  options: ReplicaOptions,
): Promise<Replica> {
  const { host, signal } = options;
  const { name, ready } = built.target.manifest;
  if (isAborted(signal)) throw aborted(name);
  const probePort = options.probe ? await freePort(host) : null;
  const output = new OutputTail();
  const process = await spawnTarget(built, port, { ...options, probePort });
  output.follow(process.child.stdout);
  output.follow(process.child.stderr);

  const stopAsking = new AbortController();
  const exit = process.exited.then((reason) => {
    stopAsking.abort();
    return reason;
  });
  const asking = AbortSignal.any([stopAsking.signal, ...(signal === undefined ? [] : [signal])]);
  const timeoutMs = ready.timeoutSeconds * 1000;
  const probe = {
    host,
    port,
    question: questionOf(ready, host, port),
    timeoutMs,
    startedAt: process.executedAt,
    signal: asking,
  };
  const readiness = await waitUntilReady(probe);

  const answers = readiness.ready && (await listensOn(process, port)) !== false;
  if (answers && !(await leavesItsServer(process, port))) {
    const url = `http://${host}:${port}`;
    const probeUrl = probePort === null ? null : `http://${host}:${probePort}/probe`;
    return { pid: process.pid, port, url, probeUrl, startupMs: readiness.afterMs, process, output };
  }
  const endedItself = stopAsking.signal.aborted;
  await process.end(0);
  if (isAborted(signal)) throw aborted(name);
  if (readiness.ready && !answers) throw portTaken(built, port);
  if (endedItself || readiness.ready)
    throw await exitedEarly(built, port, host, await exit, output);
  const last = readiness.lastAnswer === null ? 'nothing' : `“${readiness.lastAnswer}”`;
  throw new TargetError(
    'never-ready',
    ready.listening
      ? `${name} was not ready within ${ready.timeoutSeconds} s: it accepts no connections on port ${port}. Its output:\n${output.excerpt()}`
      : `${name} was not ready within ${ready.timeoutSeconds} s: GET ${ready.path} ${ready.http2 ? 'over HTTP/2 ' : ''}on port ${port} answered ${last}. Its output:\n${output.excerpt()}`,
    'It has to listen on HOST and PORT from its environment and answer 200 on ready.path of target.yaml, or say ready: {http2: true} where it speaks HTTP/2 alone, and ready: {listening: true} where it speaks neither; ready.timeoutSeconds gives it longer.',
  );
}

function questionOf(
  { path, listening, http2 }: Manifest['ready'],
  host: string,
  port: number,
): ReadyQuestion | null {
  if (listening) return null;
  return http2 ? http2Question(host, port, path) : httpQuestion(host, port, path);
}

async function exitedEarly(
  built: BuiltTarget,
  port: number,
  host: string,
  exit: ProcessExit,
  output: OutputTail,
): Promise<TargetError> {
  const { name } = built.target.manifest;
  if (exit.leftDaemons === true) {
    return new TargetError(
      'exited-early',
      `${name} ended (${howEnded(exit)}) before it was ready. Its output:\n${output.excerpt()}`,
      foregroundRemedy,
    );
  }
  const blamesPort = /EADDRINUSE|address already in use|BindException|port .*in use/i;
  if (blamesPort.test(output.text()) || !(await isFree(host, port))) return portTaken(built, port);
  const { code, signal } = exit;
  const ending = signal === null ? `with exit code ${String(code)}` : `by ${signal}`;
  return new TargetError(
    'exited-early',
    `${name} ended ${ending} before it was ready. Its output:\n${output.excerpt()}`,
  );
}

function portTaken(built: BuiltTarget, port: number): TargetError {
  return new TargetError(
    'port-taken',
    `${built.target.manifest.name}: port ${port} is taken by another program`,
    `See what listens there: ss -ltnp 'sport = :${port}'`,
  );
}

/** A call, as the compiler would hold on to what it once saw. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function aborted(name: string): TargetError {
  return new TargetError('aborted', `${name}: the start was aborted`);
}
