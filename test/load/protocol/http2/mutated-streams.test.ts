import { expect, it } from 'vitest';
import { feedMutated } from './mutated-streams.js';

/** C1M_MUTATED_STREAMS=10000000 takes some minutes. */
const count = Number(process.env['C1M_MUTATED_STREAMS'] ?? 100_000);

it.each([
  [
    'requests',
    [
      ...['answered', 'ready', 'returned', 'retired', 'lost', 'limited'],
      ...['malformed', 'protocol', 'stream-reset', 'goaway', 'truncated'],
    ],
  ],
  [
    'calls',
    [
      ...['answered', 'streamed', 'malformed', 'protocol', 'truncated'],
      ...['grpc-not-found', 'grpc-compressed', 'grpc-no-status', 'grpc-unknown'],
    ],
  ],
  [
    'messages',
    [
      ...['answered', 'returned', 'retired', 'lost', 'limited', 'malformed', 'protocol'],
      ...['truncated', 'grpc-not-found', 'grpc-compressed', 'closed-by-server', 'goaway'],
      ...['call ok', 'call grpc-not-found', 'call refused-stream', 'call stream-reset'],
    ],
  ],
] as const)(
  'a damaged stream of HTTP/2 ends each of its %s once, and nothing else',
  (what, ways) => {
    const tally = feedMutated(count, 1, what);
    // All ways out are taken.
    expect(Object.keys(tally)).toEqual(expect.arrayContaining([...ways]));
  },
  count / 10 + 60_000,
);
