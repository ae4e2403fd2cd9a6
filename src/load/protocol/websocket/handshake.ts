import { randomBytes } from 'node:crypto';
import type { LoadPlan, Origin } from '../../plan.js';
import { PieceCompiler } from '../http1/piece-compiler.js';
import { requestFields } from '../http1/request-fields.js';
import { RequestError } from '../http1/request-error.js';
import { ByteTemplate } from '../http1/byte-template.js';
import { acceptanceOf } from './acceptance.js';

/** Longer heads than this are no answer to an upgrade. */
const mostHeadBytes = 16 * 1024;
const ownFields = /^(connection|upgrade|sec-websocket-(key|version|accept|extensions))$/i;

/**
 * The opening handshake (RFC 6455 §4.1), with one key for all connections of a thread: it proves that
 * the server speaks WebSocket, and is no secret. No extension is offered, so that nothing is compressed.
 */
export class Handshake {
  readonly #requests: readonly Uint8Array[];
  readonly #accept: string;
  /** By connection: what has come of the answer's head. */
  readonly #heads = new Map<number, Buffer>();

  constructor(plan: LoadPlan) {
    const key = randomBytes(16).toString('base64');
    this.#accept = acceptanceOf(key);
    this.#requests = upgradeRequests(plan, key);
  }

  get mostBytes(): number {
    return Math.max(...this.#requests.map((request) => request.length));
  }

  request(origin: number): Uint8Array {
    return this.#requests[origin]!;
  }

  /**
   * Reads on in the answer. Returns where in `bytes` the first frame begins; −1: it is not all here
   * yet; −2: it is no answer to an upgrade, or refuses it.
   */
  read(connection: number, bytes: Uint8Array, start: number, end: number): number {
    const before = this.#heads.get(connection) ?? Buffer.alloc(0);
    const head = Buffer.concat([before, bytes.subarray(start, end)]);
    const length = head.indexOf('\r\n\r\n');
    if (length < 0) {
      this.#heads.set(connection, head);
      return head.length > mostHeadBytes || !looksLikeHttp(head) ? -2 : -1;
    }
    this.#heads.delete(connection);
    if (!this.#isAccepted(head.toString('latin1', 0, length))) return -2;
    return start + length + 4 - before.length;
  }

  forget(connection: number): void {
    this.#heads.delete(connection);
  }

  #isAccepted(head: string): boolean {
    const [statusLine = '', ...lines] = head.split('\r\n');
    const field = (name: string): string =>
      lines
        .filter((line) => line.toLowerCase().startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).trim())
        .join(', ');
    return (
      /^HTTP\/1\.1 101\b/.test(statusLine) &&
      /^websocket$/i.test(field('upgrade')) &&
      /(^|[\s,])upgrade($|[\s,])/i.test(field('connection')) &&
      field('sec-websocket-accept') === this.#accept &&
      field('sec-websocket-extensions') === ''
    );
  }
}

function looksLikeHttp(head: Buffer): boolean {
  const beginning = 'HTTP/1.1 ';
  return head.toString('latin1', 0, beginning.length) === beginning.slice(0, head.length);
}

/**
 * By origin.
 * @throws RequestError for an upgrade that cannot be sent
 */
export function upgradeRequests(plan: LoadPlan, key: string): Uint8Array[] {
  return plan.origins.map((origin) => upgradeRequest(plan, origin, key));
}

/** Path and header fields are those of the plan's first request, which may not vary here. */
function upgradeRequest(plan: LoadPlan, origin: Origin, key: string): Uint8Array {
  const [request] = plan.requests;
  const compiler = new PieceCompiler(plan.data, 0);
  const asked = request!.path === '' ? (origin.path ?? '/') : request!.path;
  const path = compiler.compilePath(asked);
  const bodiless = { ...request!, method: 'GET', body: null };
  const lines = [Buffer.from('GET '), ...path, Buffer.from(' HTTP/1.1\r\n')];
  for (const [name, value] of requestFields(bodiless, origin, plan.userAgent)) {
    if (/^content-type$/i.test(name)) continue;
    if (ownFields.test(name)) {
      throw new RequestError(
        `c1m makes the WebSocket handshake itself; remove the header "${name}"`,
      );
    }
    lines.push(Buffer.from(`${name}: `), ...compiler.compile(value, 'header'), Buffer.from('\r\n'));
  }
  lines.push(
    Buffer.from('Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'),
    Buffer.from(`Sec-WebSocket-Key: ${key}\r\n\r\n`),
  );
  const whole = new ByteTemplate(lines, plan.seed);
  if (!lines.every((piece) => piece instanceof Uint8Array)) {
    throw new RequestError(
      'A WebSocket is opened once, so its path and headers hold no placeholders; its messages may',
    );
  }
  const bytes = whole.createTarget();
  whole.encode(bytes, 0);
  return bytes;
}
