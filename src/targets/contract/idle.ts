import { setTimeout as sleep } from 'node:timers/promises';

import { demand } from './raw-connection.js';
import { demandStatus, type Asker, type Subject } from './subject.js';

/** The other rules go on meanwhile, among them work that keeps a server's only thread busy. */
const patienceMs = 60_000;

/** Takes as long as the idling, so it runs while the other rules are verified. */
export async function verifyIdle(
  { knownPath, idleSeconds }: Subject,
  open: () => Promise<Asker>,
): Promise<void> {
  const [used, unused] = await Promise.all([open(), open()]);
  try {
    demandStatus(await used.get(knownPath), [200], 'the first request');
    await sleep(idleSeconds * 1000);
    demand(!used.closed, `a used connection was closed within ${idleSeconds} s of idling`);
    demand(!unused.closed, `an unused connection was closed within ${idleSeconds} s of idling`);
    for (const connection of [used, unused]) {
      const response = await connection.get(knownPath, patienceMs);
      demandStatus(response, [200], 'the request after idling');
    }
  } finally {
    used.close();
    unused.close();
  }
}
