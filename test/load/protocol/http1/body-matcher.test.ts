import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyMatcher } from '../../../../src/load/protocol/http1/body-matcher.js';

describe('a body matcher', () => {
  it('finds a text exactly where a search of the whole would, however the body is cut', () => {
    // Few letters, so that the text and the body repeat themselves.
    const letters = fc.constantFrom('a', 'b', 'ü');
    const text = fc.string({ unit: letters, minLength: 1, maxLength: 6 });
    const pieces = fc.array(fc.string({ unit: letters, maxLength: 8 }), { maxLength: 8 });
    fc.assert(
      fc.property(text, pieces, (sought, body) => {
        const matcher = new BodyMatcher(sought);
        let state = 0;
        for (const piece of body) {
          const bytes = Buffer.from(piece);
          state = matcher.advance(state, bytes, 0, bytes.length);
        }
        expect(matcher.isFound(state)).toBe(body.join('').includes(sought));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays at a find, whatever follows', () => {
    const matcher = new BodyMatcher('aa');
    const bytes = Buffer.from('aabbbb');
    expect(matcher.isFound(matcher.advance(0, bytes, 0, bytes.length))).toBe(true);
  });

  it('finds the empty text in any body', () => {
    expect(new BodyMatcher('').isFound(0)).toBe(true);
  });
});
