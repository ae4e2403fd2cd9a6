import type { CodecListener } from '../../../../src/load/protocol/codec.js';
import type { GrpcCall } from '../../../../src/load/grpc-call.js';
import { http2 } from '../../../../src/load/protocol/http2/protocol.js';
import { planned } from '../http1/planned.js';
import { framed, randomFrom } from './framed.js';

const streams = 4;
const slots = 2;

/**
 * Feeds `count` damaged answers to the codec, in pieces of any size, and checks that it keeps its
 * account: each request ends once at the most, and nothing is told of one that is not under way.
 * @param what requests of HTTP, calls of gRPC that are answered with a stream, or messages on calls that
 * are held open, of which some are followed by others
 * @returns how often each thing was told
 */
export function feedMutated(
  count: number,
  seed: number,
  what: 'requests' | 'calls' | 'messages',
): Record<string, number> {
  const random = randomFrom(seed);
  const tally: Record<string, number> = {};
  const request: Parameters<typeof planned>[0] = {
    method: 'POST',
    body: what === 'requests' ? 'x'.repeat(3_000) : null,
    expect: { status: null, bodyContains: 'lo' },
    ...{ requests: {}, calls: { grpc: call }, messages: { grpc: shortCall } }[what],
  };
  const plan = { ...planned(request), http2: true, streams };
  const answers = {
    requests: answersToRequests,
    calls: answersToCalls,
    messages: answersToMessages,
  }[what];
  const busy = new Set<number>();
  let open = false;
  /** Requests that were sent as soon as another was answered, while one lot of octets was fed. */
  let followed = 0;
  const mostFollowing = what === 'messages' ? 20 : 0;
  const isOpen = (): boolean => open;
  const note = (what: string): void => void (tally[what] = (tally[what] ?? 0) + 1);
  const end = (exchange: number, what: string, reusable: boolean): void => {
    if (!busy.delete(exchange)) throw new Error(`${what} of what is not under way: ${exchange}`);
    note(what);
    if (!reusable) closeOnceIdle();
    else if (random(2) === 0 && ++followed < mostFollowing) {
      busy.add(exchange);
      outgoing.send(exchange, 0, followed);
    }
  };
  const close = (): void => {
    if (!open) throw new Error('It is closed twice');
    codec.closed(1);
    open = false;
    busy.clear();
  };
  const closeOnceIdle = (): void => {
    if (open && !codec.isBusy(1)) close();
  };
  const listener: CodecListener = {
    answered: (exchange, _status, _matched, reusable) => end(exchange, 'answered', reusable),
    streamed: () => {
      note('streamed');
    },
    failed: (exchange, kind, reusable) => end(exchange, kind, reusable),
    returned: (exchange) => end(exchange, 'returned', false),
    lost: () => {
      note('lost');
      close();
    },
    unusable: (_connection, kind) => {
      note(kind);
      close();
    },
    callEnded: (kind) => note(`call ${kind ?? 'ok'}`),
    heard: () => undefined,
    ready: () => {
      note('ready');
    },
    limited: () => {
      note('limited');
    },
    retired: () => {
      note('retired');
    },
    failureReasons: { note: () => undefined },
  };
  const codec = http2.createCodec(plan, slots, listener, (bytes) => Buffer.alloc(bytes));
  const outgoing = codec.outgoing!;
  const { outbox } = outgoing;
  const flush = (): void => {
    for (let slot; (slot = outbox.nextHungry()) >= 0;) outgoing.hasRoom(slot);
    for (let slot; (slot = outbox.nextDirty()) >= 0;) outbox.take(slot);
  };
  const feed = (octets: Buffer): void => {
    for (let at = 0; at < octets.length && isOpen();) {
      const piece = Math.min(octets.length - at, 1 + random(random(4) === 0 ? 3 : 200));
      codec.read(1, octets, at, at + piece);
      at += piece;
      if (outbox.room(1) < 0) throw new Error('The outbox overflows');
    }
  };
  for (let k = 0; k < count; k++) {
    outgoing.opened(1, 0);
    open = true;
    followed = 0;
    flush();
    feed(settings);
    for (let i = 0; i < streams && isOpen(); i++) {
      busy.add(streams + i);
      outgoing.send(streams + i, 0, k);
    }
    flush();
    feed(mutated(answers, random));
    if (isOpen() && random(2) === 0 && busy.size > 0) {
      const [exchange] = busy;
      busy.delete(exchange!);
      if (!outgoing.cancel(exchange!)) closeOnceIdle();
    }
    flush();
    if (isOpen()) codec.ended(1, true);
    if (isOpen() || codec.isBusy(1) || busy.size > 0) throw new Error('Something is left');
  }
  return tally;
}

const settings = framed(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 100, 0, 4, 0, 0, 16, 0]));
const answersToRequests = [
  framed(1, 4, 1, Buffer.from([0x20, 0x88, 0x0f, 0x0d, 0x01, 0x35])),
  framed(0, 1, 1, Buffer.from('hello')),
  framed(8, 0, 0, Buffer.from([0, 1, 0, 0])),
  framed(1, 0, 3, Buffer.from([0x88, 0x40, 0x82])),
  framed(9, 4, 3, Buffer.from([0x94, 0xe7, 0x03, 0x61, 0x62, 0x63])),
  framed(6, 0, 0, Buffer.from('12345678')),
  framed(8, 0, 3, Buffer.from([0, 0, 16, 0])),
  framed(0, 8, 3, Buffer.from([2, 0x6c, 0x6f, 0, 0])),
  framed(3, 0, 5, Buffer.from([0, 0, 0, 8])),
  framed(0, 1, 3, Buffer.alloc(0)),
  framed(4, 0, 0, Buffer.from([0, 4, 0, 0, 0x20, 0, 0, 3, 0, 0, 0, 2])),
  framed(7, 0, 0, Buffer.from([0, 0, 0, 5, 0, 0, 0, 0])),
];

const call: GrpcCall = {
  method: 'a.B/C',
  kind: 'server-streaming',
  written: null,
  messages: [[{ kind: 'octets', octets: Buffer.alloc(3_000) }]],
  pingPong: false,
  files: null,
};

const literal = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
const head = Buffer.from([0x88]);
const succeeded = literal('grpc-status', '0');
const failed = Buffer.concat([literal('grpc-status', '5'), literal('grpc-message', 'n%C3%A4')]);
const hello = Buffer.from([0, 0, 0, 0, 5, ...Buffer.from('hello')]);
const answersToCalls = [
  framed(1, 4, 1, head),
  framed(0, 0, 1, Buffer.concat([hello, hello.subarray(0, 3)])),
  framed(0, 0, 1, hello.subarray(3)),
  framed(1, 5, 1, succeeded),
  framed(8, 0, 0, Buffer.from([0, 1, 0, 0])),
  framed(1, 5, 3, Buffer.concat([head, failed])),
  framed(1, 4, 5, head),
  framed(0, 0, 5, Buffer.from([1, 0, 0, 0, 1, 0])),
  framed(1, 4, 7, head),
  framed(0, 0, 7, hello.subarray(0, 7)),
  framed(1, 5, 7, succeeded),
];

const shortCall: GrpcCall = {
  ...call,
  messages: [[{ kind: 'octets', octets: Buffer.alloc(30) }]],
  pingPong: true,
};
const goaway = (last: number): Buffer => {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(last);
  return framed(7, 0, 0, payload);
};
const answersToMessages = [
  framed(8, 0, 0, Buffer.from([0, 1, 0, 0])),
  framed(1, 4, 1, head),
  framed(0, 0, 1, hello),
  framed(1, 4, 3, head),
  framed(0, 0, 1, Buffer.concat([hello, hello, hello.subarray(0, 6)])),
  framed(0, 0, 3, Buffer.concat([hello, hello.subarray(0, 2)])),
  framed(0, 0, 1, hello.subarray(6)),
  framed(1, 5, 3, succeeded),
  framed(1, 4, 5, head),
  framed(8, 0, 1, Buffer.from([0, 0, 64, 0])),
  goaway(0x7fff_ffff),
  framed(0, 0, 5, hello),
  framed(0, 0, 1, hello),
  goaway(7),
  framed(1, 5, 5, Buffer.concat([failed])),
  framed(4, 0, 0, Buffer.from([0, 3, 0, 0, 0, 2])),
  framed(3, 0, 7, Buffer.from([0, 0, 0, 8])),
];

type Random = (below: number) => number;

function mutated(frames: readonly Buffer[], random: Random): Buffer {
  const chosen = frames.filter(() => random(12) > 0);
  if (random(3) === 0) chosen.splice(random(chosen.length), 0, frames[random(frames.length)]!);
  const octets = Buffer.concat(chosen);
  for (let n = random(4); n > 0 && octets.length > 0; n--) {
    // Near the heads of frames, mostly small numbers.
    octets[random(octets.length)] = random(2) === 0 ? random(256) : random(10);
  }
  const from = random(3) === 0 ? random(octets.length) : 0;
  return Buffer.concat([
    octets.subarray(from === 0 ? 0 : Math.min(from, 20)),
    octets.subarray(0, random(2) * from),
  ]);
}
