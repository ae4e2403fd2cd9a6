import { Operation, Socket, SubmissionFlag } from '../../../uring/abi.js';
import type { Libc } from '../../../uring/libc.js';
import { highWord, lowWord, type Memory } from '../../../uring/memory.js';
import { writeSubmission, type Ring } from '../../../uring/ring.js';
import type { Origin } from '../../plan.js';
import { inetAddressBytes, socketAddress, writeInet } from '../../../uring/socket-address.js';
import type { SourceAddresses } from './source-addresses.js';

const fixed = SubmissionFlag.fixedFile << 8;
const quietly = (SubmissionFlag.skipSuccess | SubmissionFlag.link) << 8;
const socketOperation = Operation.SOCKET | quietly;
const bindOperation = Operation.BIND | fixed | quietly;
const connectOperation = Operation.CONNECT | fixed;
const abortOperation = Operation.CONNECT | fixed | (SubmissionFlag.skipSuccess << 8);

const submissionsInChain = 3;

/** Writes what opens a connection: a socket, its source where that is planned, the connect. */
export class Connector {
  readonly #libc: Libc;
  readonly #targets: readonly { family: number; bytes: number; low: number; high: number }[];
  readonly #memory: Memory;
  readonly #sources: SourceAddresses | null;
  /** A source address for each place of a submission ring: read when the kernel takes it. */
  readonly #scratch: Memory;

  /** @param submissions the most that a ring holds */
  constructor(
    libc: Libc,
    origins: readonly Origin[],
    sources: SourceAddresses | null,
    submissions: number,
  ) {
    this.#libc = libc;
    this.#sources = sources;
    this.#memory = libc.allocate((origins.length + 1) * addressStride);
    this.#scratch = libc.allocate(submissions * addressStride);
    this.#targets = origins.map(({ address, port }, index) => {
      const { family, bytes } = socketAddress(address, port);
      // The first place stays empty: AF_UNSPEC.
      const at = (index + 1) * addressStride;
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
    const { words } = ring;
    const { family, bytes, low, high } = this.#targets[origin]!;
    ring.reserve(submissionsInChain);
    const socketAt = ring.claim();
    writeSubmission(
      words,
      socketAt,
      socketOperation,
      family,
      Socket.stream,
      0,
      0,
      0,
      0,
      setUpUser,
      generation,
      place + 1,
    );
    if (this.#sources !== null) {
      const at = ring.claim();
      const scratchAt = (at >> 4) * addressStride;
      this.#sources.advance();
      writeInet(this.#scratch.bytes, scratchAt, this.#sources.address, this.#sources.port);
      const pointer = this.#scratch.address + scratchAt;
      writeSubmission(
        words,
        at,
        bindOperation,
        place,
        inetAddressBytes,
        lowWord(pointer),
        highWord(pointer),
        0,
        0,
        setUpUser,
        generation,
        0,
      );
    }
    writeSubmission(
      words,
      ring.claim(),
      connectOperation,
      place,
      bytes,
      low,
      high,
      0,
      0,
      connectUser,
      generation,
      0,
    );
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

const addressStride = 32;
