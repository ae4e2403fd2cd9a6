import { printable } from '../../basis/printable.js';

/**
 * Markup that is safe by construction: whatever is put into a template is escaped, unless it is
 * markup itself. Names, headers and errors come from other people's servers and files.
 */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | null | readonly Piece[];

/** A template tag for HTML and SVG. null is nothing; an array is its pieces, one after the other. */
export function markup(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.map((text, i) => text + write(pieces[i] ?? null)).join(''));
}

function write(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(write).join('');
  return escape(String(piece));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are not allowed in HTML at all, and a terminal's would hide text. */
function escape(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** JSON for a script element: no text in it can end the element or begin a comment. */
export function jsonMarkup(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replace(/</g, '\\u003c'));
}
