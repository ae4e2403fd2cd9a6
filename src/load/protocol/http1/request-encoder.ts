import type { LoadPlan, Origin, RequestSpec } from '../../plan.js';
import { BodyMatcher } from './body-matcher.js';
import { ByteTemplate } from './byte-template.js';
import { lengthOf, PieceCompiler, textBytes, utf8, type Piece } from './piece-compiler.js';
import { hasLength, requestFields, saysJson } from './request-fields.js';

/** A request as undici wants it. */
interface DispatchRequest {
  readonly path: string;
  readonly method: string;
  /** Names and values in turn; those that undici sets itself are left to it. */
  readonly headers: string[];
  readonly body: Buffer | null;
  /** Ask the server to close the connection. */
  readonly reset: boolean;
}

/**
 * The plan's requests for one origin, ready to be put on the wire (RFC 9112 §§3, 5 and 6).
 * @throws RequestError for a request that cannot be: an unknown placeholder, a header that would
 *   break the framing, a path with a space in it
 */
export function compileRequests(plan: LoadPlan, origin: Origin): CompiledRequest[] {
  return plan.requests.map((request, index) => new CompiledRequest(request, index, plan, origin));
}

/** One request of the plan. Templates are read, checked and laid out once, before the load begins. */
export class CompiledRequest {
  /** No content follows the answer to HEAD. */
  readonly expectsNoBody: boolean;
  /** Every request holds the same octets. */
  readonly isConstant: boolean;
  /** Of the text that the response must hold. */
  readonly bodyMatcher: BodyMatcher | null;

  private readonly method: string;
  private readonly path: ByteTemplate;
  private readonly fields: readonly (readonly [name: string, value: ByteTemplate])[];
  private readonly body: ByteTemplate | null;
  private readonly closes: boolean;
  /** All of it, as it goes on the wire. */
  private readonly whole: ByteTemplate;
  /** By exchange: one may still be on its way while the next is written. */
  private readonly targets: Buffer[] = [];
  private readonly scratch: Buffer;
  private readonly constantDispatch: DispatchRequest | null;

  /** @param index among the plan's requests; tells its random numbers from the others' */
  constructor(request: RequestSpec, index: number, plan: LoadPlan, origin: Origin) {
    const compiler = new PieceCompiler(plan.data, index);
    const path = compiler.compilePath(
      request.path === '' ? (origin.path ?? '/plaintext') : request.path,
    );
    const fields = requestFields(request, origin, plan.userAgent).map(
      ([name, value]) => [name, compiler.compile(value, 'header')] as const,
    );
    const body = compiler.compileBody(request.body, saysJson(request));
    const connection = request.headers.find(([name]) => name.toLowerCase() === 'connection')?.[1];
    const head: Piece[] = [utf8(`${request.method} `), ...path, utf8(' HTTP/1.1\r\n')];
    for (const [name, value] of fields) head.push(utf8(`${name}: `), ...value, utf8('\r\n'));
    if (!plan.keepAlive && connection === undefined) head.push(utf8('Connection: close\r\n'));
    if (hasLength(request)) {
      head.push(utf8('Content-Length: '), lengthOf(body ?? []), utf8('\r\n'));
    }
    this.whole = new ByteTemplate(
      [...head, utf8('\r\n'), ...(body ?? [])],
      plan.seed,
      textBytes(body ?? []),
    );
    this.scratch = this.whole.createTarget();
    this.isConstant = [...head, ...(body ?? [])].every((piece) => piece instanceof Uint8Array);

    const { bodyContains } = request.expect;
    this.expectsNoBody = request.method === 'HEAD';
    this.bodyMatcher = bodyContains === null ? null : new BodyMatcher(bodyContains);
    this.method = request.method;
    this.closes = connection === undefined ? !plan.keepAlive : /\bclose\b/i.test(connection);
    this.path = new ByteTemplate(path, plan.seed);
    this.fields = fields
      .filter(([name]) => !this.isUndicis(name, request))
      .map(([name, value]) => [name, new ByteTemplate(value, plan.seed)]);
    this.body = body === null ? null : new ByteTemplate(body, plan.seed);
    this.constantDispatch = this.isConstant ? this.createDispatch(0) : null;
  }

  /** The most bytes that `encode` writes. */
  get maxBytes(): number {
    return this.whole.maxBytes;
  }

  /** A buffer for this request's `encode`, with all in it that never changes. */
  createTarget(): Buffer {
    return this.whole.createTarget();
  }

  /**
   * Writes request number `sequence` to a buffer from `createTarget`; returns its length in bytes.
   * The data row is the number's remainder by how many rows there are. Allocates nothing.
   */
  encode(target: Uint8Array, sequence: number): number {
    return this.isConstant ? this.whole.maxBytes : this.whole.encode(target, sequence);
  }

  /** Writes request number `sequence` to `target` from `at` on; returns its length in bytes. */
  write(target: Uint8Array, at: number, sequence: number): number {
    const length = this.encode(this.scratch, sequence);
    return this.scratch.copy(target, at, 0, length);
  }

  /**
   * Request number `sequence` for a connection's socket. It holds until the same exchange asks
   * again. Allocates only where the length varies.
   */
  bytesFor(exchange: number, sequence: number): Uint8Array {
    if (this.isConstant) return this.scratch;
    if (!this.whole.isFixed) {
      return Buffer.from(this.scratch.subarray(0, this.whole.encode(this.scratch, sequence)));
    }
    const target = (this.targets[exchange] ??= this.whole.createTarget());
    this.whole.encode(target, sequence);
    return target;
  }

  /** Request number `sequence` for undici: the same as `encode` writes. */
  materialize(sequence: number): DispatchRequest {
    return this.constantDispatch ?? this.createDispatch(sequence);
  }

  private createDispatch(sequence: number): DispatchRequest {
    return {
      path: render(this.path, sequence).toString('latin1'),
      method: this.method,
      // undici writes each character as one octet.
      headers: this.fields.flatMap(([name, value]) => [
        name,
        render(value, sequence).toString('latin1'),
      ]),
      body: this.body === null ? null : render(this.body, sequence),
      reset: this.closes,
    };
  }

  /** undici has an option for Connection, and knows the Host that it is connected to. */
  private isUndicis(name: string, request: RequestSpec): boolean {
    const lower = name.toLowerCase();
    const given = request.headers.some(([other]) => other === name);
    return lower === 'connection' || (lower === 'host' && !given);
  }
}

function render(template: ByteTemplate, sequence: number): Buffer {
  const target = template.createTarget();
  return target.subarray(0, template.encode(target, sequence));
}
