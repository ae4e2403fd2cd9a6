import type { LoadPlan, RequestSpec } from '../../plan.js';
import { BodyMatcher } from '../http1/body-matcher.js';
import { ByteTemplate } from '../http1/byte-template.js';
import { PieceCompiler } from '../http1/piece-compiler.js';
import { saysJson } from '../http1/request-fields.js';
import { copyOctets } from '../octets.js';
import { applyMask, mostHeadBytes, Opcode, writeHead } from './frames.js';

/** One message of the plan: a request's body, as a text if it is written as one. */
export class Message {
  /** Of the text that the answer must hold. */
  readonly matcher: BodyMatcher | null;
  readonly #opcode: number;
  readonly #template: ByteTemplate;
  readonly #content: Buffer;
  readonly #isConstant: boolean;
  readonly #mask: Uint8Array;

  /** @param index among the plan's requests; tells its random numbers from the others' */
  constructor(request: RequestSpec, index: number, plan: LoadPlan, mask: Uint8Array) {
    const compiler = new PieceCompiler(plan.data, index);
    const body = compiler.compileBody(request.body ?? '', saysJson(request)) ?? [];
    this.#opcode = typeof request.body === 'string' ? Opcode.text : Opcode.binary;
    this.#template = new ByteTemplate(body, plan.seed);
    this.#content = this.#template.createTarget();
    this.#isConstant = body.every((piece) => piece instanceof Uint8Array);
    this.#mask = mask;
    const { bodyContains } = request.expect;
    this.matcher = bodyContains === null ? null : new BodyMatcher(bodyContains);
  }

  /** The most octets that `write` writes. */
  get maxBytes(): number {
    return this.#template.maxBytes + mostHeadBytes;
  }

  /** Writes message number `sequence` as one masked frame; returns its length. Allocates nothing. */
  write(target: Uint8Array, at: number, sequence: number): number {
    const content = this.#content;
    const length = this.#isConstant ? content.length : this.#template.encode(content, sequence);
    const head = writeHead(target, at, this.#opcode, length, this.#mask);
    const start = at + head;
    copyOctets(content, 0, length, target, start);
    applyMask(target, start, start + length, this.#mask);
    return head + length;
  }
}
