import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadyQuestion } from './ready-question.js';

interface ReadinessProbe {
  host: string;
  port: number;
  /** Null: it is ready once it accepts a connection. */
  question: ReadyQuestion | null;
  timeoutMs: number;
  /** When the process was started, on the clock of `performance.now()`. */
  startedAt: number;
  signal: AbortSignal;
}

type Readiness = { ready: true; afterMs: number } | { ready: false; lastAnswer: string | null };

/** At first often, for the figure's sake; later a slow starter is not to be disturbed. */
const eagerMs = 200;
const eagerIntervalMs = 1;
const patientIntervalMs = 5;
const attemptTimeoutMs = 5_000;

/**
 * Asks until the target answers 200, each time on a connection of its own, as a fresh one is what
 * its first client will open, and with a bare socket, as an HTTP client would cost the target's
 * CPU more than the question does. A server that speaks another protocol is asked for nothing.
 */
export async function waitUntilReady(probe: ReadinessProbe): Promise<Readiness> {
  const { startedAt, timeoutMs, signal } = probe;
  let lastAnswer: string | null = null;
  while (!signal.aborted) {
    const elapsed = performance.now() - startedAt;
    if (elapsed >= timeoutMs) break;
    const answer = await ask(probe, Math.min(attemptTimeoutMs, timeoutMs - elapsed));
    if (answer !== null) {
      if (answer.status === 200) return { ready: true, afterMs: answer.at - startedAt };
      lastAnswer = answer.line;
    }
    const interval = elapsed < eagerMs ? eagerIntervalMs : patientIntervalMs;
    await sleep(interval, undefined, { signal }).catch(() => undefined);
  }
  return { ready: false, lastAnswer };
}

interface Answer {
  status: number;
  line: string;
  at: number;
}

function ask(
  { host, port, question, signal }: ReadinessProbe,
  timeoutMs: number,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    let answer: Answer | null = null;
    const socket = connect({ host, port, noDelay: true });
    const finish = () => {
      signal.removeEventListener('abort', finish);
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, timeoutMs);
    signal.addEventListener('abort', finish, { once: true });
    socket.on('connect', () => {
      if (question === null) {
        answer = { status: 200, line: '', at: performance.now() };
        finish();
        return;
      }
      socket.write(question.octets);
    });
    socket.on('data', (chunk: Buffer) => {
      // What follows is read away: closing on unread bytes would reset the target's connection.
      if (answer !== null || question === null) return;
      received = Buffer.concat([received, chunk]);
      const told = question.statusOf(received);
      if (told === null) return;
      answer = { ...told, at: performance.now() };
      // A target that ignores `Connection: close` shall not hold up the start.
      timer.refresh();
      setTimeout(finish, 100).unref();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}
