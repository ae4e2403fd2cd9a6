import { createHash } from 'node:crypto';
import type { RunResult } from '../../results/schema.js';
import { markup, Markup, type Piece } from './markup.js';
import { styleSheet } from './style.js';

interface Parts {
  readonly title: string;
  /** Above the title. */
  readonly eyebrow: string;
  /** Below the title, before the sections. */
  readonly introduction: Piece;
  readonly main: Piece;
  readonly footer: string;
  /** The only script; the page is complete without it. */
  readonly script?: string;
}

const mostNamed = 4;

/** A whole page in one file: no part of it is fetched. */
export function htmlDocument({
  title,
  eyebrow,
  introduction,
  main,
  footer,
  script,
}: Parts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · c1m</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="c1m">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<style>${new Markup(styleSheet)}</style>
</head>
<body>
<header>
<p class="eyebrow">${eyebrow}</p>
<h1>${title}</h1>
${introduction}
</header>
<main>
${main}
</main>
<footer><p>${footer}</p></footer>
${script === undefined ? null : markup`<script>${new Markup(script)}</script>\n`}</body>
</html>
`.text;
}

/** The words at the foot of a page: of many results, the first and the last. */
export function madeBy(results: readonly Pick<RunResult, 'id' | 'tool'>[]): string {
  const versions = [...new Set(results.map(({ tool }) => tool.version))].join(', ');
  const ids = results.map(({ id }) => id);
  const from =
    ids.length > mostNamed ? `${ids.length} results, ${ids[0]!} to ${ids.at(-1)!}` : ids.join(', ');
  return `Made by c1m ${versions} from ${from}. Nothing in this page is fetched from anywhere.`;
}

/** Even what would slip past the escaping could neither run nor load anything. */
function policy(script: string | undefined): string {
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  return [
    `default-src 'none'`,
    `style-src 'unsafe-inline'`,
    ...(script === undefined ? [] : [`script-src 'sha256-${hash(script)}'`]),
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}
