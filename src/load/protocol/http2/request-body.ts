import type { ByteTemplate } from '../http1/byte-template.js';

/** The content of a request, which may differ from one to the next. */
export class RequestBody {
  readonly maxBytes: number;
  readonly isConstant: boolean;
  readonly #template: ByteTemplate;
  readonly #constant: Buffer;
  /** By exchange: that of the request under way, which may be sent in parts. */
  readonly #varying: Buffer[] = [];

  constructor(template: ByteTemplate, isConstant: boolean) {
    this.#template = template;
    this.maxBytes = template.maxBytes;
    this.isConstant = isConstant;
    this.#constant = template.createTarget();
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
