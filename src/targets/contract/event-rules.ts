import { chunk } from './event-client.js';
import { demand, head, type RawConnection } from './raw-connection.js';
import { connected, demandStatus, demandType, type Rule, type Subject } from './subject.js';

const together = 20;
const paced = { events: 4, paceMs: 500 };
/** How much earlier than the last event the first has to come, of the time that lies between them. */
const leastApartMs = (paced.events - 2) * paced.paceMs;

export const eventRules: Rule[] = [
  {
    rule: 'GET /events/:n answers n numbered events, then ends',
    endpoint: 'events',
    verify: (subject) =>
      connected(subject, async (connection) => {
        for (const count of [1, 3, 2_000, 10_000]) {
          const path = `/events/${count}`;
          connection.send(head('GET', path));
          demandEvents((await readEvents(connection, path)).body, count, path);
        }
        demandStatus(await connection.get(subject.knownPath), [200], 'the request after events');
      }),
  },
  {
    rule: 'A request for events may arrive in single bytes, and one right behind another',
    endpoint: 'events',
    verify: (subject) =>
      connected(subject, async (connection) => {
        await connection.sendBytewise(head('GET', '/events/3'));
        demandEvents((await readEvents(connection, '/events/3')).body, 3, '/events/3');
        connection.send(head('GET', '/events/2') + head('GET', '/events/1'));
        for (const count of [2, 1]) {
          const path = `/events/${count}`;
          demandEvents((await readEvents(connection, path)).body, count, path);
        }
      }),
  },
  {
    rule: 'GET /events/:n/:ms sends each event when it is due, never earlier, many at a time',
    endpoint: 'events',
    verify: async (subject) => {
      await Promise.all(Array.from({ length: together }, () => demandPace(subject)));
    },
  },
  {
    rule: 'GET /events/:n/:ms refuses what is no number from 1 to 10000, and from 0 to 60000',
    endpoint: 'events',
    verify: async (subject) => {
      const paths = ['/events/0', '/events/x', '/events/-1', '/events/10001'];
      for (const path of [...paths, '/events/3/x', '/events/3/-1', '/events/3/60001']) {
        await connected(subject, async (connection) => {
          demandStatus(await connection.get(path), [400], `GET ${path}`);
        });
      }
    },
  },
];

/** What /events/:n answers. */
export function demandEvents(body: string, count: number, path: string): void {
  const expected = Array.from(
    { length: count },
    (_, index) => `id: ${index + 1}\ndata: Hello, World!\n\n`,
  );
  if (body === expected.join('')) return;
  const events = body.split(/(?<=\n\n)/);
  const wrong = events.findIndex((event, index) => event !== expected[index]);
  const [at, event] =
    wrong < 0 ? [events.length, 'nothing'] : [wrong, JSON.stringify(events[wrong])];
  demand(false, `GET ${path} has ${event.slice(0, 80)} for its event ${at + 1}`);
}

async function demandPace(subject: Subject): Promise<void> {
  const { events, paceMs } = paced;
  const path = `/events/${events}/${paceMs}`;
  await connected(subject, async (connection) => {
    const sentAt = performance.now();
    connection.send(head('GET', path));
    const { body, arrivedAt } = await readEvents(connection, path);
    demandEvents(body, events, path);
    const first = arrivedAt[0]! - sentAt;
    const last = arrivedAt.at(-1)! - sentAt;
    // A timer that counts whole milliseconds may be 1 ms early.
    const dueMs = (events - 1) * paceMs - 1;
    demand(last >= dueMs, `the last event of ${path} came after ${last.toFixed(1)} ms`);
    demand(
      last - first >= leastApartMs,
      `the first event of ${path} came ${(last - first).toFixed(0)} ms before the last: they are held back`,
    );
  });
}

interface ReceivedEvents {
  body: string;
  /** When each event was there in full, as of `performance.now()`. */
  arrivedAt: number[];
}

async function readEvents(connection: RawConnection, path: string): Promise<ReceivedEvents> {
  const response = { ...(await connection.responseHead()), body: Buffer.alloc(0) };
  demandStatus(response, [200], `GET ${path}`);
  demandType(response, 'text/event-stream', `GET ${path}`);
  const coding = response.headers.get('transfer-encoding') ?? 'none';
  demand(coding === 'chunked', `GET ${path} has the Transfer-Encoding ${coding}, not chunked`);
  const events: string[] = [];
  const arrivedAt: number[] = [];
  let begun = '';
  for (;;) {
    const part = await connection.take(`answer to GET ${path}`, chunk);
    if (part.length === 0) return { body: events.join('') + begun, arrivedAt };
    const pieces = (begun + part.toString('utf8')).split(/(?<=\n\n)/);
    begun = pieces.at(-1)!.endsWith('\n\n') ? '' : pieces.pop()!;
    events.push(...pieces);
    while (arrivedAt.length < events.length) arrivedAt.push(performance.now());
  }
}
