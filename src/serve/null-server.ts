import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  anyPlace,
  bufferIdShift,
  CompletionFlag,
  Errno,
  Multishot,
  Operation,
} from '../uring/abi.js';
import type { Libc } from '../uring/libc.js';
import { close, Kind, placeMask, receive, send } from '../uring/operations.js';
import { bellUser, RingSet, type SocketRing } from '../uring/ring-set.js';
import { writeSubmission } from '../uring/ring.js';
import { withLongestTables } from '../uring/table-length.js';
import { socketAddress } from '../uring/socket-address.js';
import type { FixedAnswers } from './fixed-answer.js';
import { HttpAnswers } from './http-answers.js';

const acceptOperation = Operation.ACCEPT | (Multishot.accept << 16);
const acceptKind = Kind.ignored + (1 << 16);

/** Node's event loop is looked after this often, for signals. */
const longestWaitMicros = 20_000;
/** As long as net.core.somaxconn allows. */
const backlog = 65_535;

/**
 * As little of a server as can be: it answers whatever is asked with the same octets, over io_uring. What a load generator reaches against it on another core is the generator's own
 * ceiling. One ring for each port, which holds as many connections as RLIMIT_NOFILE allows a ring.
 */
export class NullServer {
  readonly #rings: RingSet;
  readonly #listeners: readonly number[];
  readonly #libc: Libc;
  readonly #answers: FixedAnswers;
  #stopped = false;
  connections = 0;
  requests = 0;

  /** Listens on all ports from now on; the kernel holds who comes until `run` is called. */
  constructor(
    libc: Libc,
    address: string,
    ports: readonly number[],
    answers: FixedAnswers = new HttpAnswers(libc),
  ) {
    this.#libc = libc;
    this.#answers = answers;
    this.#listeners = ports.map((port) => {
      const { family, bytes } = socketAddress(address, port);
      return libc.listen(family, bytes, backlog);
    });
    this.#rings = withLongestTables(
      (bits) => new RingSet(libc, new Array<number>(ports.length).fill(2 ** bits)),
    );
    this.#rings.all.forEach((_, index) => this.#accept(index));
  }

  /** The first one; where 0 was asked for, the kernel has chosen it. */
  get port(): number {
    return this.#libc.portOf(this.#listeners[0]!);
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      this.#rings.turn(longestWaitMicros, this.#reap);
      if (performance.now() >= this.#turnDue) {
        await nextTurn();
        this.#turnDue = performance.now() + longestWaitMicros / 1000;
      }
    }
    this.#rings.close();
    for (const fd of this.#listeners) this.#libc.close(fd);
    this.#answers.free();
  }

  stop(): void {
    this.#stopped = true;
  }

  #turnDue = 0;

  readonly #reap = (socketRing: SocketRing): void => {
    const { ring, buffers } = socketRing;
    const tail = ring.completionTail;
    let n = ring.head;
    if (n === tail) return;
    const { completions } = ring;
    while (n !== tail) {
      const at = ring.completionAt(n);
      n = (n + 1) >>> 0;
      this.#completed(socketRing, completions[at]!, completions[at + 2]!, completions[at + 3]!);
    }
    ring.advance(n);
    buffers.publish();
  };

  #completed(socketRing: SocketRing, user: number, result: number, flags: number): void {
    const { ring, buffers, index } = socketRing;
    const place = user & placeMask;
    const goesOn = (flags & CompletionFlag.more) !== 0;
    switch (user & ~placeMask) {
      case Kind.receive: {
        const hasBuffer = (flags & CompletionFlag.buffer) !== 0;
        if (result > 0) this.#answer(socketRing, place, flags >>> bufferIdShift, result);
        if (hasBuffer) buffers.give(flags >>> bufferIdShift);
        if (goesOn) return;
        if (result > 0 || result === -Errno.ENOBUFS) receive(ring, place, 0);
        else {
          this.connections--;
          close(ring, place);
        }
        return;
      }
      case acceptKind:
        if (result >= 0) {
          this.connections++;
          receive(ring, result, 0);
        }
        if (!goesOn) this.#accept(index);
        return;
      default:
        if (user === bellUser) this.#rings.woken();
    }
  }

  #answer({ ring, buffers }: SocketRing, place: number, buffer: number, length: number): void {
    const start = buffer * buffers.bufferBytes;
    const answer = this.#answers.to(buffers.bytes, start, start + length);
    if (answer === null) return;
    this.requests++;
    send(ring, place, answer.low, answer.high, answer.length, 0);
  }

  #accept(index: number): void {
    const { ring } = this.#rings.all[index]!;
    const fd = this.#listeners[index]!;
    const at = ring.claim();
    writeSubmission(ring.words, at, acceptOperation, fd, 0, 0, 0, 0, 0, acceptKind, 0, anyPlace);
  }
}
