import { setTimeout as sleep } from 'node:timers/promises';

import { ProbeError, type ProbeAnswer } from '../../measure/probe/answer.js';
import { askProbe } from '../../measure/probe/ask.js';
import { eventClient } from './event-client.js';
import { ContractBreach, demand } from './raw-connection.js';
import { RawWebSocket } from './raw-web-socket.js';
import { asking, demandStatus, openAsker, type Rule, type Subject } from './subject.js';

/** A runtime that begins to watch itself with the first question may take its time for that. */
const firstAnswerMs = 5_000;
/** What c1m allows while it measures is less; this is a check, perhaps on a busy machine. */
const answerMs = 2_000;

const parked = 50;
/** They have to be seen before they wake up. */
const parkedMs = 3_000;
/** What goes on until its client leaves. */
const streamMs = 5_000;
/** Other connections that come or go meanwhile, and what a runtime starts for itself. */
const tolerance = 5;
/** A stack's own tasks for one request under way, such as a reader beside the handler. */
const mostTasksPerRequest = 3;

export const probeRules: Rule[] = [
  {
    rule: 'GET /probe on PROBE_PORT answers the figures of the runtime',
    endpoint: 'probe',
    verify: async (subject) => {
      await ask(subject, firstAnswerMs);
    },
  },
  {
    rule: 'What /probe counts never falls',
    endpoint: 'probe',
    verify: async (subject) => {
      const before = await ask(subject);
      await asking(subject, async (connection) => {
        for (let request = 0; request < 100; request++) await connection.get(subject.knownPath);
      });
      demandNoFall(before, await ask(subject));
    },
  },
  {
    rule: 'GET /probe is answered within 2 s while the server is busy with /cpu',
    endpoint: ['probe', 'cpu'],
    verify: async (subject) => {
      const work = Array.from({ length: 3 }, () =>
        asking(subject, async (connection) => {
          const response = await connection.get('/cpu/10000000', 60_000);
          demandStatus(response, [200], 'GET /cpu/10000000');
        }),
      );
      const answers = Promise.all([ask(subject), sleep(50).then(() => ask(subject))]);
      // The work is waited for even if the probe fails, so that it does not disturb what follows.
      await Promise.allSettled(work);
      await answers;
      await Promise.all(work);
    },
  },
  {
    rule: `Requests that are parked on purpose are among the tasks of /probe, ${parked} of ${parked}`,
    endpoint: ['probe', 'sleep'],
    verify: (subject) =>
      verifyTasks(subject, 'requests were in /sleep', parkedMs, async () => {
        const connection = await openAsker(subject);
        // It leaves before the answer.
        connection.get(`/sleep/${parkedMs}`).catch(() => undefined);
        return connection;
      }),
  },
  {
    rule: 'Streams of events are among the tasks of /probe, and their clients leave none behind',
    endpoint: ['probe', 'events'],
    verify: (subject) =>
      verifyTasks(subject, 'streams of events went on', streamMs, () =>
        eventClient(subject, '/events/10000/100'),
      ),
  },
  {
    rule: 'WebSockets are among the tasks of /probe, and clients that leave in a message leave none',
    endpoint: ['probe', 'websocket'],
    verify: (subject) => verifySockets(subject, '/ws'),
  },
  {
    rule: 'Members of the room are among the tasks of /probe, and leave none behind',
    endpoint: ['probe', 'room'],
    verify: (subject) => verifySockets(subject, '/room'),
  },
];

function verifySockets(subject: Subject, path: string): Promise<void> {
  return verifyTasks(subject, `WebSockets were open at ${path}`, streamMs, async () => {
    const socket = await RawWebSocket.open(subject.url, path);
    socket.sendPart();
    return socket;
  });
}

/**
 * Has clients begin something that lasts, sees them among the tasks, has them leave, half of them by
 * a reset, and sees that nothing is left of them.
 * @param withinMs how long to look for them
 */
async function verifyTasks(
  subject: Subject,
  what: string,
  withinMs: number,
  begin: () => Promise<{ close(): void; reset?(): void }>,
): Promise<void> {
  // Not every runtime that users bring can tell.
  if (subject.family === 'custom' && (await ask(subject)).tasks === undefined) return;
  const before = await settledTasks(subject);
  const clients: Awaited<ReturnType<typeof begin>>[] = [];
  try {
    for (let client = 0; client < parked; client++) clients.push(await begin());
    const deadline = performance.now() + withinMs;
    let most = -Infinity;
    while (performance.now() < deadline && most < parked) {
      most = Math.max(most, (await tasksOf(subject)) - before);
    }
    const tasksEach = subject.family === 'bare' ? 1 : mostTasksPerRequest;
    demand(
      most >= parked - tolerance && most <= parked * tasksEach + tolerance,
      `while ${parked} more ${what}, tasks rose by ${most} from ${before}`,
    );
  } finally {
    for (const [index, client] of clients.entries()) {
      if (index % 2 === 0 && client.reset !== undefined) client.reset();
      else client.close();
    }
  }
  const deadline = performance.now() + withinMs + 10_000;
  let after = Infinity;
  while (performance.now() < deadline && after > before + tolerance) {
    after = await tasksOf(subject);
    await sleep(100);
  }
  demand(
    after <= before + tolerance,
    `tasks stayed at ${after} after their clients had left, from ${before} before`,
  );
}

/** Connections of earlier rules may still be on their way out: waits until two counts agree. */
async function settledTasks(subject: Subject): Promise<number> {
  let last = await tasksOf(subject);
  for (let attempt = 0; attempt < 20; attempt++) {
    await sleep(100);
    const tasks = await tasksOf(subject);
    if (tasks === last) break;
    last = tasks;
  }
  return last;
}

async function tasksOf(subject: Subject): Promise<number> {
  // On a busy machine a loop may not get to it in time, though it has nothing to do.
  for (let attempt = 0; attempt < 5; attempt++) {
    const { tasks } = await ask(subject);
    if (tasks !== undefined) return tasks.count;
  }
  throw new ContractBreach('GET /probe was answered without tasks by a server that is idle');
}

async function ask({ probeUrl }: Subject, timeoutMs = answerMs): Promise<ProbeAnswer> {
  demand(probeUrl !== null, 'it was given no PROBE_PORT');
  try {
    return await askProbe(probeUrl, timeoutMs);
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    throw new ContractBreach(`GET /probe: ${error.message}`);
  }
}

function demandNoFall(before: ProbeAnswer, after: ProbeAnswer): void {
  for (const [name, count] of Object.entries(before.counters)) {
    const later = after.counters[name];
    demand(
      later === undefined || later >= count,
      `counters.${name} fell from ${count} to ${later}`,
    );
  }
  for (const [name, { bounds, counts }] of Object.entries(before.histograms)) {
    const later = after.histograms[name];
    if (later === undefined) continue;
    demand(bounds.join() === later.bounds.join(), `histograms.${name}.bounds changed`);
    for (const [bucket, count] of counts.entries()) {
      const now = later.counts[bucket]!;
      demand(now >= count, `histograms.${name}.counts[${bucket}] fell from ${count} to ${now}`);
    }
  }
}
