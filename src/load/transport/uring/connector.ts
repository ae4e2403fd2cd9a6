import { Operation, Socket, SocketCommand, SubmissionFlag } from '../../../uring/abi.js';
import type { Libc } from '../../../uring/libc.js';
import { highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { writeSubmission, type Ring } from '../../../uring/ring.js';
import type { Origin } from '../../plan.js';
import {
  inetAddressBytes,
  longestAddressBytes,
  socketAddress,
  writeInet,
} from '../../../uring/socket-address.js';
import type { SourceAddresses } from './source-addresses.js';

const fixed = SubmissionFlag.fixedFile << 8;
const quietly = (SubmissionFlag.skipSuccess | SubmissionFlag.link) << 8;
const socketOperation = Operation.SOCKET | quietly;
const bindOperation = Operation.BIND | fixed | quietly;
const connectOperation = Operation.CONNECT | fixed;
const abortOperation = Operation.CONNECT | fixed | (SubmissionFlag.skipSuccess << 8);

const optionOperation = Operation.URING_CMD | fixed | (SubmissionFlag.skipSuccess << 8);

const submissionsInChain = 3;
/** Source ports in a row that turn out to be taken. */
export const mostBindAttempts = 64;

/** Writes what opens a connection: a socket, its source where that is planned, the connect. */
export class Connector {
  readonly #libc: Libc;
  readonly #targets: readonly { family: number; bytes: number; low: number; high: number }[];
  readonly #memory: Memory;
  /** Where a 1 stands, for what is to be on. */
  readonly #optionAt: number;
  readonly #sources: SourceAddresses | null;
  readonly #canBind: boolean;
  /** A source address for each place of a submission ring: read when the kernel takes it. */
  readonly #scratch: Memory;

  /**
   * @param submissions the most that a ring holds
   * @param canBind the kernel has IORING_OP_BIND
   */
  constructor(
    libc: Libc,
    origins: readonly Origin[],
    sources: SourceAddresses | null,
    submissions: number,
    canBind: boolean,
  ) {
    this.#canBind = canBind;
    this.#libc = libc;
    this.#sources = sources;
    this.#memory = libc.allocate((origins.length + 2) * targetStride);
    this.#optionAt = (origins.length + 1) * targetStride;
    this.#memory.bytes[this.#optionAt] = 1;
    this.#scratch = libc.allocate(submissions * sourceStride);
    this.#targets = origins.map(({ address, port, connectPort }, index) => {
      const { family, bytes } = socketAddress(address, connectPort ?? port);
      // The first place stays empty: AF_UNSPEC.
      const at = (index + 1) * targetStride;
      this.#memory.bytes.set(bytes, at);
      const pointer = this.#memory.address + at;
      return { family, bytes: bytes.length, low: lowWord(pointer), high: highWord(pointer) };
    });
  }

  /**
   * One chain: when a link fails, those behind it are dropped, and only the failure is heard of.
   * @param place in the table of direct descriptors
   * @param setUpUser the low word of the user data of all but the connect
   */
  connect(
    ring: Ring,
    place: number,
    origin: number,
    setUpUser: number,
    connectUser: number,
    generation: number,
  ): void {
    const target = this.#targets[origin]!;
    if (this.#sources === null || this.#canBind) {
      ring.reserve(submissionsInChain);
      this.#open(ring, place, target.family, setUpUser, generation);
      if (this.#sources !== null) this.#bind(ring, place, this.#sources, setUpUser, generation);
    } else this.#adoptBound(ring, place, this.#sources);
    writeSubmission(
      ring.words,
      ring.claim(),
      connectOperation,
      place,
      target.bytes,
      target.low,
      target.high,
      0,
      0,
      connectUser,
      generation,
      0,
    );
  }

  #open(ring: Ring, place: number, family: number, user: number, generation: number): void {
    writeSubmission(
      ring.words,
      ring.claim(),
      socketOperation,
      family,
      Socket.stream,
      0,
      0,
      0,
      0,
      user,
      generation,
      place + 1,
    );
  }

  #bind(
    ring: Ring,
    place: number,
    sources: SourceAddresses,
    user: number,
    generation: number,
  ): void {
    const at = ring.claim();
    const scratchAt = (at >> 4) * sourceStride;
    sources.advance();
    writeInet(this.#scratch.bytes, scratchAt, sources.address, sources.port);
    const pointer = this.#scratch.address + scratchAt;
    writeSubmission(
      ring.words,
      at,
      bindOperation,
      place,
      inetAddressBytes,
      lowWord(pointer),
      highWord(pointer),
      0,
      0,
      user,
      generation,
      0,
    );
  }

  /**
   * Before Linux 6.11: an ordinary socket is bound and moved into the table. Where all ports tried are
   * taken the place stays empty, and the connect fails with EBADF.
   */
  #adoptBound(ring: Ring, place: number, sources: SourceAddresses): void {
    const address = this.#scratch.bytes.subarray(0, inetAddressBytes);
    for (let attempt = 0; attempt < mostBindAttempts; attempt++) {
      sources.advance();
      writeInet(address, 0, sources.address, sources.port);
      const fd = this.#libc.bound(Socket.inet, address);
      if (fd < 0) continue;
      ring.adopt(place, fd);
      this.#libc.close(fd);
      return;
    }
  }

  /**
   * Lets short pieces leave although earlier ones are not acknowledged yet (tcp(7), TCP_NODELAY). Needed
   * only where more than one is under way at a time. A Unix socket acknowledges nothing.
   */
  sendAtOnce(ring: Ring, place: number, origin: number, user: number): void {
    if (this.#targets[origin]!.family === Socket.unix) return;
    const at = ring.claim();
    writeSubmission(
      ring.words,
      at,
      optionOperation,
      place,
      SocketCommand.setOption,
      Socket.levelTcp,
      Socket.noDelay,
      0,
      0,
      user,
      0,
      optionBytes,
    );
    const pointer = this.#memory.address + this.#optionAt;
    ring.words[at + 12] = lowWord(pointer);
    ring.words[at + 13] = highWord(pointer);
  }

  /** Ends a connection by RST, so that nothing of it stays in TIME_WAIT (connect(2), AF_UNSPEC). */
  abort(ring: Ring, place: number, user: number): void {
    const { address } = this.#memory;
    writeSubmission(
      ring.words,
      ring.claim(),
      abortOperation,
      place,
      inetAddressBytes,
      lowWord(address),
      highWord(address),
      0,
      0,
      user,
      0,
      0,
    );
  }

  free(): void {
    this.#libc.free(this.#memory);
    this.#libc.free(this.#scratch);
  }
}

const sourceStride = 32;
/** A multiple of 8, as the kernel may want an address to begin. */
const targetStride = Math.ceil(longestAddressBytes / 8) * 8;
const optionBytes = 4;
