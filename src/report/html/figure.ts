import { markup, type Markup, type Piece } from './markup.js';

interface Figure {
  readonly title: string;
  /** How to read it. */
  readonly caption: Piece;
  readonly legend?: Markup;
  readonly chart: Markup;
  /** The same figures in words, for those who do not see the chart, or want to copy them; if no table beside it has them. */
  readonly table?: Markup | null;
}

export function figure({ title, caption, legend, chart, table }: Figure): Markup {
  const figures =
    table === undefined || table === null
      ? null
      : markup`<details><summary>Figures of “${title}”</summary>${table}</details>`;
  return markup`<figure><h3>${title}</h3><figcaption>${caption}</figcaption>${legend ?? null}${chart}${figures}</figure>`;
}
