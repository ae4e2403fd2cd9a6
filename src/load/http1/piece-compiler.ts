import type { DataTable } from '../plan.js';
import { RequestError } from './request-error.js';
import { checkPathText } from './request-fields.js';
import { createSlot, lengthSlot, type Place, type Slot } from './slot.js';
import { parseTemplate } from './template.js';

/** What a request is put together of: bytes that never change, and places that are filled in. */
export type Piece = Uint8Array | Slot;

/** Makes bytes and slots of templates, and numbers the slots of one request. */
export class PieceCompiler {
  private readonly data: DataTable | null;
  private stream: number;

  constructor(data: DataTable | null, index: number) {
    this.data = data;
    this.stream = index * 0x1_0000;
  }

  compilePath(path: string): Piece[] {
    if (!path.startsWith('/')) throw new RequestError(`The path "${path}" must begin with "/"`);
    return this.compile(path, 'path', (text) => checkPathText(text, path));
  }

  /** Bytes are sent as they are; only text is a template. */
  compileBody(body: string | Uint8Array | null): Piece[] | null {
    if (body === null) return null;
    return typeof body === 'string' ? this.compile(body, 'body') : [body];
  }

  compile(text: string, place: Place, check: (text: string) => void = () => undefined): Piece[] {
    return parseTemplate(text, this.data?.columns ?? []).map((part) => {
      if (part.kind !== 'text') return createSlot(part, place, this.cells, this.stream++);
      check(part.text);
      return utf8(part.text);
    });
  }

  private readonly cells = (column: string): readonly string[] => {
    const index = this.data?.columns.indexOf(column) ?? -1;
    return this.data?.rows.map((row) => row[index] ?? '') ?? [];
  };
}

/** Digits if the length is always the same, else a slot. */
export function lengthOf(body: readonly Piece[]): Piece {
  let length = textBytes(body);
  for (const piece of body) {
    if (piece instanceof Uint8Array) continue;
    if (piece.width === -1) return lengthSlot;
    length += piece.width;
  }
  return utf8(String(length));
}

export function textBytes(pieces: readonly Piece[]): number {
  let length = 0;
  for (const piece of pieces) if (piece instanceof Uint8Array) length += piece.length;
  return length;
}

export function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
