// Draws what a command printed, colours and all, as a terminal window in SVG.
import { parseAnsiSequences } from 'ansi-sequence-parser';

const cell = { width: 8, height: 18, baseline: 13 };
const margin = 20;
const titleBar = 36;
const palette = {
  red: '#ff7b72',
  green: '#7ee787',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#56d4dd',
};

// Where the strokes of a frame's character lead to from its middle.
const strokes = {
  '─': 'lr',
  '│': 'tb',
  '┌': 'rb',
  '┐': 'lb',
  '└': 'rt',
  '┘': 'lt',
  '├': 'rtb',
  '┤': 'ltb',
  '┬': 'lrb',
  '┴': 'lrt',
  '┼': 'lrtb',
};

/** @param {string} output with ANSI colours  @param {string} command as the reader would type it */
export function terminalSvg(output, command) {
  const lines = [promptLine(command), ...linesOf(output.trimEnd())];
  const columns = Math.max(...lines.map((line) => line.length));
  const width = columns * cell.width + 2 * margin;
  const height = titleBar + lines.length * cell.height + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>What ${escape(command)} prints</title>`,
    '<style>text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:13px;fill:#e6edf3;white-space:pre}.b{font-weight:700}.d{fill:#8b949e}path{stroke:#3d444d}</style>',
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0d1117" stroke="#3d444d"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, i) => `<circle cx="${margin + 6 + i * 20}" cy="20" r="6" fill="${fill}"/>`,
    ),
    `<path d="${lines.map(framePath).join('')}" fill="none"/>`,
    ...lines.flatMap((line, row) => runsOf(line).map((run) => textOf(run, row))),
    '</svg>\n',
  ].join('\n');
}

function promptLine(command) {
  return [...`$ ${command}`].map((character, i) => ({
    character,
    style: i < 2 ? greenBold : bold,
  }));
}
const bold = { color: null, bold: true, dim: false };
const greenBold = { ...bold, color: 'green' };

/** Each line as a list of characters, each with its style. */
function linesOf(output) {
  const lines = [[]];
  for (const { value, foreground, decorations } of parseAnsiSequences(output)) {
    const color = foreground?.name ?? null;
    const style = { color, bold: decorations.has('bold'), dim: decorations.has('dim') };
    for (const character of value) {
      if (character === '\n') lines.push([]);
      else lines.at(-1).push({ character, style });
    }
  }
  return lines;
}

// Frames are drawn, not written: in most fonts their characters leave gaps between the lines.
function framePath(line, row) {
  const top = titleBar + row * cell.height;
  const middle = top + cell.height / 2;
  let path = '';
  for (let column = 0; column < line.length; column++) {
    const leads = strokes[line[column].character] ?? '';
    const left = margin + column * cell.width;
    const center = left + cell.width / 2;
    if (leads.includes('t')) path += `M${center} ${top}V${middle}`;
    if (leads.includes('b')) path += `M${center} ${middle}V${top + cell.height}`;
    const continued = strokes[line[column - 1]?.character]?.includes('r') ?? false;
    if (!leads.includes('r') || continued) continue;
    let end = column + 1;
    while (strokes[line[end]?.character]?.includes('r')) end++;
    path += `M${center} ${middle}H${center + (end - column) * cell.width}`;
  }
  return path;
}

/** What is written in one style without a wide gap, at its column. */
function runsOf(line) {
  const runs = [];
  let run = null;
  line.forEach(({ character, style }, column) => {
    if (character in strokes) run = null;
    else if (character === ' ') run = run?.text.endsWith(' ') ? null : run && append(run, ' ');
    else if (run !== null && sameStyle(run.style, style)) append(run, character);
    else runs.push((run = { column, style, text: character }));
  });
  return runs;
}

function append(run, character) {
  run.text += character;
  return run;
}

function sameStyle(a, b) {
  return a.color === b.color && a.bold === b.bold && a.dim === b.dim;
}

// With its length, so that the columns stand whatever font the reader has.
function textOf({ column, style, text }, row) {
  const shown = text.trimEnd();
  const x = margin + column * cell.width;
  const y = titleBar + row * cell.height + cell.baseline;
  const classes = [style.bold ? 'b' : '', style.dim ? 'd' : ''].filter(Boolean).join(' ');
  const look = classes === '' ? '' : ` class="${classes}"`;
  // As a style, because an attribute would give way to the style sheet.
  const fill = style.color === null ? '' : ` style="fill:${palette[style.color]}"`;
  const length = [...shown].length * cell.width;
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${look}${fill}>${escape(shown)}</text>`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
