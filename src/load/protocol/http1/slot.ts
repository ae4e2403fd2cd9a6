import { isHeaderValue } from './bytes.js';
import { RequestError } from './request-error.js';
import { MAX_SEQ_DIGITS, type TemplatePart } from './template.js';

export const SEQUENCE = 0;
export const RANDOM = 1;
export const CELL = 2;
export const LENGTH = 3;

/** A place in a request that is filled anew each time. One shape for all kinds, for V8's sake. */
export interface Slot {
  readonly kind: typeof SEQUENCE | typeof RANDOM | typeof CELL | typeof LENGTH;
  /** Octets; −1: it depends on the value. */
  readonly width: number;
  readonly maxWidth: number;
  /** SEQUENCE: numbers are cut to below this, Infinity for never. RANDOM: how many there are. */
  readonly span: number;
  /** RANDOM: the lowest. */
  readonly low: number;
  /** RANDOM: tells its numbers apart from those of the other slots. */
  readonly stream: number;
  /** CELL: by row. */
  readonly cells: readonly Uint8Array[];
}

const EMPTY: Omit<Slot, 'kind'> = {
  width: -1,
  maxWidth: 0,
  span: 0,
  low: 0,
  stream: 0,
  cells: [],
};

/** Which part of a request a text is for: it decides how a cell is written. */
export type Place = 'path' | 'header' | 'body' | 'json-string';

/** The Content-Length of a body whose length varies. */
export const lengthSlot: Slot = { ...EMPTY, kind: LENGTH, maxWidth: MAX_SEQ_DIGITS };

/**
 * @param cells the column of a `row` placeholder
 * @throws RequestError for a cell that may not stand in that place
 */
export function createSlot(
  part: Exclude<TemplatePart, { kind: 'text' }>,
  place: Place,
  cells: (column: string) => readonly string[],
  stream: number,
): Slot {
  switch (part.kind) {
    case 'seq': {
      const { digits } = part;
      if (digits === null) {
        return { ...EMPTY, kind: SEQUENCE, maxWidth: MAX_SEQ_DIGITS, span: Infinity };
      }
      return { ...EMPTY, kind: SEQUENCE, width: digits, maxWidth: digits, span: 10 ** digits };
    }
    case 'rand': {
      const { low, high } = part;
      const maxWidth = String(high).length;
      const width = String(low).length === maxWidth ? maxWidth : -1;
      return { ...EMPTY, kind: RANDOM, width, maxWidth, low, span: high - low + 1, stream };
    }
    case 'row':
      return createCellSlot(part.column, place, cells(part.column));
  }
}

function createCellSlot(column: string, place: Place, texts: readonly string[]): Slot {
  if (texts.length === 0) throw new RequestError(`{row.${column}}: the data has no rows`);
  const cells = texts.map((text, row) => {
    if (place === 'header' && !isHeaderValue(text)) {
      throw new RequestError(
        `{row.${column}}: row ${row + 1} holds a line break or control character, which a header cannot. Take it out of the data.`,
      );
    }
    return encodeCell(text, place);
  });
  const maxWidth = cells.reduce((most, cell) => Math.max(most, cell.length), 0);
  const width = cells.every((cell) => cell.length === maxWidth) ? maxWidth : -1;
  return { ...EMPTY, kind: CELL, width, maxWidth, cells };
}

function encodeCell(text: string, place: Place): Uint8Array {
  switch (place) {
    case 'path':
      return percentEncode(text);
    case 'json-string':
      return Buffer.from(JSON.stringify(text).slice(1, -1), 'utf8');
    case 'header':
    case 'body':
      return Buffer.from(text, 'utf8');
  }
}

/** All but unreserved characters (RFC 3986 §2.3): a cell is data, and may hold no delimiter. */
function percentEncode(text: string): Uint8Array {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9._~-]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return Buffer.from(encoded, 'latin1');
}
