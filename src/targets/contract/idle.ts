import { setTimeout as sleep } from 'node:timers/promises';

import { demand, head } from './raw-connection.js';
import { connected, demandStatus, type Subject } from './subject.js';

/** The other rules go on meanwhile, among them work that keeps a server's only thread busy. */
const patienceMs = 60_000;

/** Takes as long as the idling, so it runs while the other rules are verified. */
export function verifyIdle(subject: Subject): Promise<void> {
  const { knownPath, idleSeconds } = subject;
  return connected(subject, (used) =>
    connected(subject, async (unused) => {
      demandStatus(await used.get(knownPath), [200], 'the first request');
      await sleep(idleSeconds * 1000);
      demand(!used.closed, `a used connection was closed within ${idleSeconds} s of idling`);
      demand(!unused.closed, `an unused connection was closed within ${idleSeconds} s of idling`);
      for (const connection of [used, unused]) {
        connection.send(head('GET', knownPath));
        const response = await connection.response(patienceMs);
        demandStatus(response, [200], 'the request after idling');
      }
    }),
  );
}
