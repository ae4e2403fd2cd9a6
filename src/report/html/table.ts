import { markup, type Markup, type Piece } from './markup.js';

/** A table that scrolls by itself where the screen is narrower, also by the keyboard. */
export function dataTable(
  caption: string,
  heads: readonly string[],
  rows: readonly { readonly label: Piece; readonly cells: readonly Piece[] }[],
): Markup {
  const [first = '', ...others] = heads;
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr><th scope="col">${first}</th>${others.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map(
    ({ label, cells }) =>
      markup`<tr><th scope="row">${label}</th>${cells.map((cell) => markup`<td>${cell ?? '–'}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
