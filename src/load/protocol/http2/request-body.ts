/** Octets that differ from one request to the next, and are laid out without allocating. */
interface ContentTemplate {
  /** The most that `encode` writes. */
  readonly maxBytes: number;
  /** A buffer for `encode`; only that of its own template will do. */
  createTarget(): Buffer;
  /** Writes those of request number `sequence` to the front of `target`; returns their length. */
  encode(target: Uint8Array, sequence: number): number;
}

/** The content of a request, which may differ from one to the next. */
export class RequestBody {
  readonly maxBytes: number;
  readonly isConstant: boolean;
  readonly #template: ContentTemplate;
  readonly #constant: Buffer;
  /** By exchange: that of the request under way, which may be sent in parts. */
  readonly #varying: Buffer[] = [];

  constructor(template: ContentTemplate, isConstant: boolean) {
    this.#template = template;
    this.maxBytes = template.maxBytes;
    this.isConstant = isConstant;
    this.#constant = template.createTarget();
    if (isConstant) template.encode(this.#constant, 0);
  }

  /** Lays out the content of request number `sequence`; returns how many octets it has. */
  prepare(exchange: number, sequence: number): number {
    if (this.isConstant) return this.maxBytes;
    const target = (this.#varying[exchange] ??= this.#template.createTarget());
    return this.#template.encode(target, sequence);
  }

  /** What `prepare` laid out last for this exchange. */
  octets(exchange: number): Buffer {
    return this.isConstant ? this.#constant : this.#varying[exchange]!;
  }
}
