import { closeSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Operation } from '../../src/uring/abi.js';
import { Libc } from '../../src/uring/libc.js';
import { highWord, lowWord } from '../../src/uring/memory.js';
import { Ring, writeSubmission } from '../../src/uring/ring.js';
import { hasUring } from '../fixtures/uring.js';

const gatherMicros = 60_000;
const waitMicros = 5_000_000;

it.runIf(hasUring)(
  'completions gather until there are as many as were asked for, or for as long, after which one is enough',
  async ({ skip }) => {
    const libc = await Libc.load();
    const ring = new Ring(libc, { submissions: 8, completions: 8, files: 1 });
    const memory = libc.allocate(4096);
    const zeros = openSync('/dev/zero', 'r');
    try {
      if (!ring.canGather) return skip();
      const read = () => {
        const at = ring.claim();
        const [low, high] = [lowWord(memory.address), highWord(memory.address)];
        writeSubmission(ring.words, at, Operation.READ, zeros, 0, low, high, 8, 0, 0, 0, 0);
      };
      /** How long it took, in µs, and how many were there then. */
      const turn = (reads: number) => {
        for (let i = 0; i < reads; i++) read();
        const began = performance.now();
        ring.submit(waitMicros);
        const there = (ring.completionTail - ring.head) >>> 0;
        ring.advance(ring.completionTail);
        return { micros: (performance.now() - began) * 1000, there };
      };
      ring.gather(gatherMicros, 3);
      const short = turn(1);
      expect(short.there).toBe(1);
      expect(short.micros).toBeGreaterThanOrEqual(gatherMicros);
      expect(short.micros).toBeLessThan(waitMicros);
      // Of several tries one is not held up by what else runs.
      const full = Array.from({ length: 5 }, () => turn(3));
      expect(full.map(({ there }) => there)).toEqual([3, 3, 3, 3, 3]);
      expect(Math.min(...full.map(({ micros }) => micros))).toBeLessThan(gatherMicros);
      ring.gather(0, 1);
      const alone = Array.from({ length: 5 }, () => turn(1));
      expect(Math.min(...alone.map(({ micros }) => micros))).toBeLessThan(gatherMicros);
    } finally {
      closeSync(zeros);
      ring.close();
      libc.free(memory);
    }
  },
);
