import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstNumber, newFanOut } from '../../../../src/load/fan-out.js';
import { MarkReader } from '../../../../src/load/protocol/websocket/mark-reader.js';

const fanOut = newFanOut();

function heardOf(message: string, piece: number): string[] {
  const heard: string[] = [];
  const reader = new MarkReader(1, fanOut, {
    heard: (_, phase, number) => heard.push(`${phase} ${number}`),
  });
  const bytes = Buffer.from(message);
  for (let at = 0; at < bytes.length; at += piece) {
    reader.read(0, bytes, at, Math.min(bytes.length, at + piece), false);
  }
  reader.read(0, bytes, 0, 0, true);
  return heard;
}

const numbers = fc
  .record({
    phase: fc.integer({ min: 0, max: 99 }),
    message: fc.integer({ min: 0, max: 99_999_999 }),
  })
  .map(({ phase, message }) => ({
    written: String(firstNumber(fanOut, phase) + message),
    told: `${phase} ${message}`,
  }));

describe('the numbers of a fan-out', () => {
  it('are 16 digits, which JSON holds exactly', () => {
    for (let k = 0; k < 100; k++) {
      const last = firstNumber(newFanOut(), 99) + 99_999_999;
      expect(Number.isSafeInteger(last)).toBe(true);
      expect(String(JSON.parse(String(last)))).toMatch(/^\d{16}$/);
    }
  });

  it('are found wherever they stand and are cut, each that is not the one before', () => {
    const around = fc.string({ maxLength: 20 }).map((text) => `${text.replace(/\d/g, '')} `);
    const begun = fc.constantFrom('', String(fanOut.mark).slice(0, 4), `${fanOut.mark}12`);
    const messages = fc.array(fc.tuple(begun, around, numbers), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 40 }), (parts, piece) => {
        const text = parts.map(([start, before, { written }]) => `${before}${start} ${written}`);
        const told = parts.map(([, , number]) => number.told);
        expect(heardOf(text.join('\n'), piece)).toEqual(
          told.filter((one, place) => one !== told[place - 1]),
        );
      }),
    );
  });
});
