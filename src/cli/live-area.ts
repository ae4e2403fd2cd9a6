import { stripVTControlCharacters } from 'node:util';
import type { Size } from '../report/live/view.js';
import { terminalText, writeUnchecked } from './printing.js';

const betweenDrawsMillis = 200;
const shortestBetweenDrawsMillis = 100;
/** Where the terminal does not say. */
const usualSize: Size = { columns: 80, rows: 24 };

const escape = '\x1b[';
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
const noWrap = `${escape}?7l`;
const wrap = `${escape}?7h`;
const eraseRestOfLine = `${escape}K`;
const eraseBelow = `${escape}J`;

/**
 * The last lines of a terminal, redrawn in place five times a second. Between two draws the cursor
 * waits, hidden, on an empty line below them. What ends the process erases them and shows the cursor
 * again. (Control sequences: ECMA-48; the private modes 7 and 25: xterm, "Control Sequences".)
 */
export class LiveArea {
  readonly #stream: NodeJS.WriteStream;
  readonly #lines: (size: Size) => string[];
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | null = null;
  #drawnAt = -Infinity;
  /** What the terminal shows. */
  #shown: readonly string[] = [];
  #resizedSince = false;

  constructor(stream: NodeJS.WriteStream, lines: (size: Size) => string[]) {
    this.#stream = stream;
    this.#lines = lines;
    this.#timer = setInterval(this.draw, betweenDrawsMillis).unref();
    stream.on('resize', this.#resized);
    process.on('exit', this.close);
    if (process.platform !== 'win32') process.on('SIGTSTP', this.#suspend);
  }

  /** At once, whenever the last time was. */
  readonly draw = (): void => {
    const lines = this.#lines(this.#size).map(terminalText);
    const home = `${this.#upToFirst()}${this.#resizedSince ? eraseBelow : ''}`;
    const text = lines.map((line) => `${line}${eraseRestOfLine}\r\n`).join('');
    const drawn = `${hideCursor}${noWrap}${home}${text}${eraseBelow}${wrap}`;
    writeUnchecked(this.#stream, drawn);
    this.#shown = lines;
    this.#resizedSince = false;
    this.#drawnAt = performance.now();
  };

  /** Leaves the terminal as it was before, until the next draw. */
  erase(): void {
    if (this.#shown.length === 0) return;
    writeUnchecked(this.#stream, `${this.#upToFirst()}${eraseBelow}${showCursor}`);
    this.#shown = [];
  }

  readonly close = (): void => {
    clearInterval(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#stream.off('resize', this.#resized);
    process.off('exit', this.close);
    process.off('SIGTSTP', this.#suspend);
    this.erase();
  };

  /** Dragging a window makes dozens of them a second. */
  readonly #resized = (): void => {
    this.#resizedSince = true;
    const wait = this.#drawnAt + shortestBetweenDrawsMillis - performance.now();
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.draw();
    }, wait).unref();
  };

  get #size(): Size {
    const { columns, rows } = this.#stream;
    return {
      columns: columns > 0 ? columns : usualSize.columns,
      rows: rows > 0 ? rows : usualSize.rows,
    };
  }

  /** To the first line; one that has become too long for the terminal lies folded on several rows. */
  #upToFirst(): string {
    const { columns } = this.#size;
    const rowsOf = (line: string): number =>
      this.#resizedSince && folds(process.env)
        ? Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns))
        : 1;
    const rows = this.#shown.reduce((sum, line) => sum + rowsOf(line), 0);
    return rows === 0 ? '\r' : `\r${escape}${rows}A`;
  }

  /** Ctrl-Z: whoever gets the terminal meanwhile finds its cursor. */
  readonly #suspend = (): void => {
    this.erase();
    process.kill(process.pid, 'SIGSTOP');
  };
}

/** Most terminals fold lines when they become narrower; xterm, GNU Screen and Linux's console cut them. */
function folds(env: NodeJS.ProcessEnv): boolean {
  const isSet = (name: string): boolean => env[name] !== undefined;
  return !isSet('XTERM_VERSION') && (!isSet('STY') || isSet('TMUX')) && env['TERM'] !== 'linux';
}
