import type { LoadPlan, Origin, RequestSpec, StreamFormat } from '../../plan.js';
import { answersWithMany } from '../../grpc-call.js';
import { BodyMatcher } from '../http1/body-matcher.js';
import { ByteTemplate } from '../http1/byte-template.js';
import { PieceCompiler, type Piece } from '../http1/piece-compiler.js';
import { hasLength, requestFields, saysJson } from '../http1/request-fields.js';
import { MessageTemplate } from '../grpc/message-template.js';
import { frameBytes, frameHeadBytes } from './frames.js';
import { HeadWriter } from './head-writer.js';
import { RequestBody } from './request-body.js';

/**
 * The plan's requests for one origin, as HTTP/2 has them (RFC 9113 §8.3).
 * @throws RequestError for a request that cannot be sent
 */
export function compileRequests(plan: LoadPlan, origin: Origin): Http2Request[] {
  return plan.requests.map((request, index) => new Http2Request(request, index, plan, origin));
}

/** One request of the plan: its header block, and its content, both laid out before the load begins. */
export class Http2Request {
  /** No content follows the answer to HEAD. */
  readonly expectsNoBody: boolean;
  /** Of the text that the response must hold. */
  readonly bodyMatcher: BodyMatcher | null;
  /** As what stream of events the response is read. */
  readonly stream: StreamFormat | null;
  readonly head: HeadWriter;
  readonly body: RequestBody | null;
  /** Whether the answer to a call is one message; null: it is no call of gRPC. */
  readonly answersOnce: boolean | null;
  /** It is a message of a call that is held open for the next. */
  readonly isHeld: boolean;
  /** The most octets that its HEADERS frame takes, with the CONTINUATION frames behind it. */
  readonly maxHeadFrameBytes: number;

  /** @param index among the plan's requests; tells its random numbers from the others' */
  constructor(request: RequestSpec, index: number, plan: LoadPlan, origin: Origin) {
    const compiler = new PieceCompiler(plan.data, index);
    const path = compiler.compilePath(
      request.path === '' ? (origin.path ?? '/plaintext') : request.path,
    );
    const fields = requestFields(request, origin, plan.userAgent).map(
      ([name, value]) => [name.toLowerCase(), compiler.compile(value, 'header')] as const,
    );
    this.body = bodyOf(request, compiler, plan.seed);

    const head = new HeadWriter();
    const put = (name: string, value: readonly Piece[]): void => {
      if (isConstant(value)) head.put(name, Buffer.concat(value));
      else head.putVarying(name, new ByteTemplate(value, plan.seed));
    };
    head.put(':method', Buffer.from(request.method));
    head.put(':scheme', Buffer.from(origin.protocol.slice(0, -1)));
    // RFC 9113 §8.3.1: in place of Host.
    for (const [name, value] of fields) if (name === 'host') put(':authority', value);
    put(':path', path);
    for (const [name, value] of fields) if (name !== 'host') put(name, value);
    // A call has none, as gRPC's clients do not know how many messages follow.
    if (request.grpc === undefined && hasLength(request)) head.putLength(this.body);
    this.head = head;
    this.maxHeadFrameBytes =
      head.maxBytes + frameHeadBytes * (1 + Math.floor(head.maxBytes / frameBytes));

    const { bodyContains } = request.expect;
    this.expectsNoBody = request.method === 'HEAD';
    this.bodyMatcher = bodyContains === null ? null : new BodyMatcher(bodyContains);
    this.stream = request.grpc === undefined ? request.stream : null;
    this.isHeld = request.grpc?.pingPong === true;
    this.answersOnce = request.grpc === undefined ? null : !answersWithMany(request.grpc);
  }
}

function bodyOf(request: RequestSpec, compiler: PieceCompiler, seed: number): RequestBody | null {
  const { grpc } = request;
  if (grpc !== undefined) {
    const template = new MessageTemplate(grpc.messages, compiler, seed);
    return new RequestBody(
      template,
      grpc.messages.flat().every(({ kind }) => kind === 'octets'),
    );
  }
  const body = compiler.compileBody(request.body, saysJson(request));
  return body && new RequestBody(new ByteTemplate(body, seed), isConstant(body));
}

function isConstant(pieces: readonly Piece[]): pieces is Uint8Array[] {
  return pieces.every((piece) => piece instanceof Uint8Array);
}
