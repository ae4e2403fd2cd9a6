import type { RequestErrorKind } from '../../errors.js';
import type { ExchangeNumbers } from '../../exchange-numbers.js';
import type { Codec, CodecListener, Outgoing } from '../codec.js';
import { EventStreams } from '../events/event-streams.js';
import { HeldAnswers } from '../grpc/held-answers.js';
import type { Outbox } from '../outbox.js';
import { Answers } from './answers.js';
import { ConnectionFrames } from './connection-frames.js';
import { Endings } from './endings.js';
import { FrameReader } from './frame-reader.js';
import { FrameWriter } from './frame-writer.js';
import { ErrorCode } from './frames.js';
import { ResponseFields } from './hpack/response-fields.js';
import { Peers, Phase } from './peers.js';
import { Receiver } from './receiver.js';
import type { Http2Request } from './request.js';
import { Sender } from './sender.js';
import { Held, noStream, Streams, waitingStream } from './streams.js';

/** HTTP/2 (RFC 9113): several requests at once on each connection, each on a stream of its own. */
export class Http2Codec implements Codec, Outgoing {
  readonly http = '2';
  readonly alpn = 'h2';
  readonly requests = [];
  readonly outgoing = this;
  readonly outbox: Outbox;
  readonly #listener: CodecListener;
  readonly #peers: Peers;
  readonly #streams: Streams;
  readonly #writer: FrameWriter;
  readonly #sender: Sender;
  readonly #endings: Endings;
  /** Null: calls end with their answers. */
  readonly #held: HeldAnswers | null;
  readonly #receiver: Receiver;
  readonly #reader: FrameReader;

  constructor(
    requests: readonly (readonly Http2Request[])[],
    numbers: ExchangeNumbers,
    outbox: Outbox,
    listener: CodecListener,
  ) {
    this.outbox = outbox;
    this.#listener = listener;
    const peers = new Peers(numbers.connections);
    const streams = new Streams(numbers);
    const writer = new FrameWriter(outbox);
    const sender = new Sender(outbox, writer, requests, peers, streams);
    const held = HeldAnswers.of(requests[0]!, peers, streams, sender, listener);
    const endings = new Endings(peers, streams, writer, sender, held, listener);
    const connections = new ConnectionFrames(peers, streams, writer, sender, endings, listener);
    const events = EventStreams.of(requests[0]!, numbers.count, listener);
    const fields = new ResponseFields(numbers.connections, events !== null);
    const answers = new Answers(
      requests[0]!,
      fields,
      peers,
      streams,
      writer,
      sender,
      endings,
      events,
      held,
      listener,
    );
    this.#receiver = new Receiver(fields, peers, streams, endings, connections, answers, listener);
    this.#peers = peers;
    this.#streams = streams;
    this.#writer = writer;
    this.#sender = sender;
    this.#endings = endings;
    this.#held = held;
    this.#reader = new FrameReader(numbers.connections, this.#receiver);
  }

  opened(connection: number, origin: number): void {
    this.#peers.open(connection, origin);
    this.#writer.preface(connection);
  }

  send(exchange: number, request: number, sequence: number): void {
    this.#sender.send(exchange, request, sequence);
  }

  sent(): void {
    // `send` keeps the account.
  }

  cancel(exchange: number): boolean {
    const connection = this.#streams.numbers.connectionOf(exchange);
    const id = this.#streams.id[exchange]!;
    this.#sender.free(connection, exchange);
    // Where it cannot be said that the answer is of no use any more, nothing else is asked for.
    if (id !== waitingStream && !this.#writer.resetStream(connection, id, ErrorCode.cancel)) {
      this.#peers.phase[connection] = Phase.retired;
    }
    this.#sender.goOn(connection);
    return this.#peers.phase[connection] === Phase.ready;
  }

  hasRoom(connection: number): void {
    this.#sender.goOn(connection);
  }

  conclude(): boolean {
    const { numbers, held } = this.#streams;
    for (let connection = 0; connection < numbers.connections; connection++) {
      if (this.#peers.phase[connection] === Phase.ready) {
        this.#endings.halfCloseFrom(connection, 0);
      }
    }
    return held.every((state) => state === Held.none);
  }

  isBusy(connection: number): boolean {
    return this.#peers.isBusy(connection);
  }

  read(connection: number, bytes: Uint8Array, start: number, end: number): void {
    this.#reader.read(connection, bytes, start, end);
    if (this.#held !== null) this.#held.tell();
  }

  ended(connection: number): void {
    if (this.#peers.phase[connection] === Phase.greeting) {
      this.#listener.unusable(connection, 'closed-on-accept');
    } else this.#endings.endAll(connection, null);
  }

  broke(connection: number, kind: RequestErrorKind): void {
    if (this.#peers.phase[connection] === Phase.greeting) {
      this.#listener.unusable(connection, kind === 'reset' ? 'connect-reset' : 'connect-other');
    } else this.#endings.endAll(connection, kind);
  }

  closed(connection: number): void {
    if (this.#peers.phase[connection] === Phase.closed) return;
    this.#peers.phase[connection] = Phase.closed;
    this.#reader.forget(connection);
    this.#receiver.forget(connection);
    this.outbox.clear(connection);
    if (this.#peers.live[connection]! + this.#peers.waiting[connection]! === 0) return;
    const { numbers, id, held, bodyLeft } = this.#streams;
    const first = numbers.first(connection);
    id.fill(noStream, first, first + numbers.perConnection);
    held.fill(Held.none, first, first + numbers.perConnection);
    bodyLeft.fill(0, first, first + numbers.perConnection);
    this.#peers.live[connection] = 0;
    this.#peers.waiting[connection] = 0;
    this.#peers.uploading[connection] = 0;
    this.#peers.idle[connection] = 0;
  }
}
