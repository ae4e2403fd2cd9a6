import type { DataTable } from '../../plan.js';
import { RequestError } from './request-error.js';
import { checkPathText } from './request-fields.js';
import { createSlot, lengthSlot, type Place, type Slot } from './slot.js';
import { parseTemplate, type TemplatePart } from './template.js';

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

  /**
   * Bytes are sent as they are; only text is a template.
   * @param isJson a cell between quotes is written as JSON has it
   */
  compileBody(body: string | Uint8Array | null, isJson: boolean): Piece[] | null {
    if (body === null) return null;
    if (typeof body !== 'string') return [body];
    let isQuoted = false;
    return this.parse(body).map((part) => {
      if (part.kind !== 'text') return this.slot(part, isQuoted ? 'json-string' : 'body');
      if (isJson) isQuoted = endsQuoted(part.text, isQuoted);
      return utf8(part.text);
    });
  }

  compile(text: string, place: Place, check: (text: string) => void = () => undefined): Piece[] {
    return this.parse(text).map((part) => {
      if (part.kind !== 'text') return this.slot(part, place);
      check(part.text);
      return utf8(part.text);
    });
  }

  private parse(text: string): TemplatePart[] {
    return parseTemplate(text, this.data?.columns ?? []);
  }

  private slot(part: Exclude<TemplatePart, { kind: 'text' }>, place: Place): Slot {
    return createSlot(part, place, this.cells, this.stream++);
  }

  private readonly cells = (column: string): readonly string[] => {
    const index = this.data?.columns.indexOf(column) ?? -1;
    return this.data?.rows.map((row) => row[index] ?? '') ?? [];
  };
}

/** Whether a piece of JSON ends within a string, given whether it begins within one. */
function endsQuoted(text: string, beginsQuoted: boolean): boolean {
  let isQuoted = beginsQuoted;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\\' && isQuoted) at++;
  }
  return isQuoted;
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
