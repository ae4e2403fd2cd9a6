import { expect, it } from 'vitest';
import { feedMutated } from './mutated-streams.js';

/** C1M_MUTATED_STREAMS=10000000 takes some minutes. */
const count = Number(process.env['C1M_MUTATED_STREAMS'] ?? 100_000);

it(
  'a damaged stream of HTTP/2 ends each of its requests once, and nothing else',
  () => {
    const tally = feedMutated(count, 1);
    // All ways out are taken.
    expect(Object.keys(tally)).toEqual(
      expect.arrayContaining([
        ...['answered', 'ready', 'returned', 'retired', 'lost', 'limited'],
        ...['malformed', 'protocol', 'stream-reset', 'goaway', 'truncated'],
      ]),
    );
  },
  count / 10 + 60_000,
);
