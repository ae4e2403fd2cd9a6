import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Problem } from '../basis/problem.js';

/** A YAML text that knows where each of its values stands. */
export class YamlSource {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
  }

  /** Where the text is no YAML at all. */
  get problems(): Problem[] {
    return [...this.#document.errors, ...this.#document.warnings].map(({ pos, message }) => ({
      where: this.#at(pos[0]),
      message: `this is not YAML: ${message}`,
      remedy: 'Mind the indentation, and quote texts that hold ": " or " #".',
    }));
  }

  toValue(): unknown {
    return this.#document.toJS();
  }

  /** `file:line:column` of the value at a path, or of the nearest one above it that is there. */
  locate(path: readonly PropertyKey[]): string {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0]);
    }
    return this.#at(this.#document.contents?.range?.[0] ?? 0);
  }

  /** `file:line:column` of a key of the mapping at a path. */
  locateKey(path: readonly PropertyKey[], key: string): string {
    const map: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path);
    const pair = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const node = pair?.key;
    return isNode(node) && node.range ? this.#at(node.range[0]) : this.locate(path);
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}:${line || 1}:${col || 1}`;
  }
}
