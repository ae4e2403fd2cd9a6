import {
  completionBytes,
  EnterFlag,
  Feature,
  Errno,
  MapOffset,
  Register,
  SetupFlag,
  sparse,
  SqFlag,
  submissionBytes,
  Syscall,
} from './abi.js';
import { SystemError, type Libc } from './libc.js';
import type { Memory } from './memory.js';

interface RingSize {
  /** Submissions that fit before the kernel must take them; a power of two. */
  readonly submissions: number;
  /** Completions that fit; more are kept by the kernel until there is room. A power of two. */
  readonly completions: number;
  /** Length of the table of direct descriptors, at most RLIMIT_NOFILE. */
  readonly files: number;
}

const probeHeadBytes = 16;
const probeEntryBytes = 8;
const probeSupported = 1;
const paramsBytes = 120;
const argumentBytes = 24;
/** What `submit` gives the kernel to wait with: a timespec, and the argument that points to it. */
const minWaitAt = 12;
const timespecAt = 32;
const descriptorAt = 192;

/**
 * One io_uring: rings shared with the kernel, read and written as typed arrays (io_uring(7)). The
 * one foreign call on the hot path is `io_uring_enter`, once per batch.
 *
 * Ordering: with IORING_SETUP_DEFER_TASKRUN the kernel takes submissions and posts completions only
 * within an `io_uring_enter` of the thread that made the ring. Both ends of both rings are therefore
 * touched by one thread, in program order, and plain loads and stores suffice: no other CPU looks on.
 */
export class Ring {
  /** The submission ring, 16 words an entry. */
  readonly words: Int32Array;
  /** The completion ring, 4 words an entry: user data (low, high), result, flags. */
  readonly completions: Int32Array;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #enterFd: number;
  /** IORING_ENTER_REGISTERED_RING, where the descriptor is registered. */
  readonly #enterFlags: number;
  readonly #control: Uint32Array;
  readonly #rings: Memory;
  readonly #submissions: Memory;
  readonly #argument: Memory;
  readonly #timespec: Int32Array;
  readonly #minWait: Int32Array;
  /** The kernel can wait for several completions (Linux 6.12). */
  readonly canGather: boolean;
  #gatherCount = 1;
  readonly #sqTailAt: number;
  readonly #sqFlagsAt: number;
  readonly #cqHeadAt: number;
  readonly #cqTailAt: number;
  readonly #entries: number;
  readonly #completionMask: number;
  /** Word index of the first completion. */
  readonly #completionsAt: number;
  #tail = 0;
  /** Submissions that the kernel has not been told of. */
  pending = 0;

  constructor(libc: Libc, size: RingSize) {
    this.#libc = libc;
    const params = libc.allocate(4096);
    const view = new DataView(params.buffer, 0, paramsBytes);
    view.setUint32(4, size.completions, true);
    view.setUint32(
      8,
      SetupFlag.cqSize |
        SetupFlag.clamp |
        SetupFlag.submitAll |
        SetupFlag.coopTaskrun |
        SetupFlag.taskrunFlag |
        SetupFlag.singleIssuer |
        SetupFlag.deferTaskrun,
      true,
    );
    this.#fd = libc.syscall(Syscall.setup, size.submissions, params.address, 0, 0, 0, 0) as number;
    if (this.#fd < 0) {
      const { errno } = libc;
      libc.free(params);
      throw new SystemError('io_uring_setup', errno);
    }
    const field = (offset: number): number => view.getUint32(offset, true);
    this.#entries = field(0);
    this.canGather = (field(20) & Feature.minTimeout) !== 0;
    const completionCount = field(4);
    const arrayAt = field(64);
    const completionsAt = field(100);
    const ringBytes = Math.max(
      arrayAt + this.#entries * 4,
      completionsAt + completionCount * completionBytes,
    );
    this.#rings = libc.mapShared(this.#fd, ringBytes, MapOffset.rings);
    this.#submissions = libc.mapShared(
      this.#fd,
      this.#entries * submissionBytes,
      MapOffset.submissions,
    );
    this.words = new Int32Array(this.#submissions.buffer);
    this.completions = new Int32Array(this.#rings.buffer, 0, ringBytes >> 2);
    this.#control = new Uint32Array(this.#rings.buffer, 0, ringBytes >> 2);
    this.#sqTailAt = field(44) >> 2;
    this.#sqFlagsAt = field(56) >> 2;
    this.#cqHeadAt = field(80) >> 2;
    this.#cqTailAt = field(84) >> 2;
    this.#completionsAt = completionsAt >> 2;
    this.#completionMask = completionCount - 1;
    // Entries are used in order, so the indirection of the array is set once.
    for (let i = 0; i < this.#entries; i++) this.#control[(arrayAt >> 2) + i] = i;
    this.#argument = this.#createArgument();
    this.#timespec = new Int32Array(this.#argument.buffer, timespecAt, 4);
    this.#minWait = new Int32Array(this.#argument.buffer, minWaitAt, 1);
    libc.free(params);
    try {
      this.#registerFiles(size.files);
    } catch (error) {
      this.close();
      throw error;
    }
    const registered = this.#registerDescriptor();
    this.#enterFd = registered ?? this.#fd;
    this.#enterFlags = registered === null ? 0 : EnterFlag.registeredRing;
  }

  /** Makes room for so many submissions in a row: a chain of links must be handed over as one. */
  reserve(count: number): void {
    if (this.pending + count > this.#entries) this.flush();
  }

  /**
   * The word index of the next submission, all of whose sixteen words the caller sets. Tells the
   * kernel of those before it if the ring is full.
   */
  claim(): number {
    if (this.pending === this.#entries) this.flush();
    const at = (this.#tail & (this.#entries - 1)) << 4;
    this.#tail = (this.#tail + 1) >>> 0;
    this.pending++;
    return at;
  }

  /** Hands over what is pending; completions are not looked for. */
  flush(): void {
    this.#enter(0, 0, 0, 0);
    if (this.pending > 0) throw new Error('The kernel takes no more submissions');
  }

  /**
   * Hands over what is pending and lets completions arrive, without waiting, or until there is
   * one, for `micros` at the most.
   */
  submit(micros: number): void {
    if (micros <= 0) {
      this.#enter(0, EnterFlag.getEvents, 0, 0);
      return;
    }
    const seconds = Math.floor(micros / 1e6);
    this.#timespec[0] = seconds;
    this.#timespec[2] = Math.floor((micros - seconds * 1e6) * 1000);
    const flags = EnterFlag.getEvents | EnterFlag.extArg;
    this.#enter(this.#gatherCount, flags, this.#argument.address, argumentBytes);
  }

  /**
   * From now on `submit` waits until there are `count` completions, or for `micros`, after which one is
   * enough (min_wait_usec, io_uring_enter2(2); Linux 6.12). 0: one is enough at once.
   */
  gather(micros: number, count: number): void {
    if (!this.canGather) return;
    this.#minWait[0] = micros;
    this.#gatherCount = micros === 0 ? 1 : count;
  }

  /** Completions came, or are there for the asking. */
  get hasWork(): boolean {
    const control = this.#control;
    return (
      control[this.#cqHeadAt] !== control[this.#cqTailAt] ||
      (control[this.#sqFlagsAt]! & (SqFlag.taskrun | SqFlag.cqOverflow)) !== 0
    );
  }

  get head(): number {
    return this.#control[this.#cqHeadAt]!;
  }

  get completionTail(): number {
    return this.#control[this.#cqTailAt]!;
  }

  /** The word index of completion number `n`. */
  completionAt(n: number): number {
    return this.#completionsAt + ((n & this.#completionMask) << 2);
  }

  /** Gives back the places of the completions before number `n`. */
  advance(n: number): void {
    this.#control[this.#cqHeadAt] = n;
  }

  /** @returns what `io_uring_register` returns */
  register(operation: number, argument: number, count: number): number {
    const { syscall } = this.#libc;
    const result = syscall(Syscall.register, this.#fd, operation, argument, count, 0, 0) as number;
    if (result < 0) throw new SystemError(`io_uring_register (${operation})`, this.#libc.errno);
    return result;
  }

  /** Whether the kernel knows an operation (IORING_REGISTER_PROBE). */
  supports(operation: number): boolean {
    const probe = this.#libc.allocate(4096);
    try {
      this.register(Register.probe, probe.address, 256);
      const at = probeHeadBytes + operation * probeEntryBytes;
      return operation <= probe.bytes[0]! && (probe.bytes[at + 2]! & probeSupported) !== 0;
    } finally {
      this.#libc.free(probe);
    }
  }

  /** Puts an ordinary descriptor into the table; it may be closed afterwards. */
  adopt(place: number, fd: number): void {
    // What is pending may still close the place.
    if (this.pending > 0) this.flush();
    const view = new DataView(this.#argument.buffer, 224, 24);
    view.setInt32(16, fd, true);
    view.setUint32(0, place, true);
    view.setBigUint64(8, BigInt(this.#argument.address + 224 + 16), true);
    this.register(Register.filesUpdate, this.#argument.address + 224, 1);
  }

  /** Signals an eventfd(2) when completions are there for the asking. */
  signal(eventfd: number): void {
    new Int32Array(this.#argument.buffer, 64, 1)[0] = eventfd;
    this.register(Register.eventfd, this.#argument.address + 64, 1);
  }

  /** What is open in it is closed by the kernel, in its own time. */
  close(): void {
    if (this.#enterFlags === EnterFlag.registeredRing) this.#unregisterDescriptor();
    this.#libc.close(this.#fd);
    for (const memory of [this.#rings, this.#submissions, this.#argument]) this.#libc.free(memory);
  }

  #enter(waitFor: number, flags: number, argument: number, bytes: number): void {
    this.#control[this.#sqTailAt] = this.#tail;
    const { syscall } = this.#libc;
    const taken = syscall(
      Syscall.enter,
      this.#enterFd,
      this.pending,
      waitFor,
      flags | this.#enterFlags,
      argument,
      bytes,
    ) as number;
    if (taken >= 0) {
      this.pending -= taken;
      return;
    }
    const { errno } = this.#libc;
    if (!harmless.has(errno)) throw new SystemError('io_uring_enter', errno);
  }

  #createArgument(): Memory {
    const memory = this.#libc.allocate(4096);
    const view = new DataView(memory.buffer);
    view.setBigUint64(16, BigInt(memory.address + timespecAt), true);
    return memory;
  }

  /** Direct descriptors, which do not count against the process's limit. */
  #registerFiles(files: number): void {
    const view = new DataView(this.#argument.buffer, 128, 32);
    view.setUint32(0, files, true);
    view.setUint32(4, sparse, true);
    this.register(Register.files2, this.#argument.address + 128, 32);
  }

  /** Spares the kernel the look-up of the descriptor at each entry; null where it cannot. */
  #registerDescriptor(): number | null {
    const view = this.#descriptorUpdate(0xffff_ffff, this.#fd);
    try {
      this.register(Register.ringFds, this.#argument.address + descriptorAt, 1);
    } catch {
      return null;
    }
    return view.getUint32(0, true);
  }

  /** Otherwise the ring, and all that is open in it, lives on until the thread ends. */
  #unregisterDescriptor(): void {
    this.#descriptorUpdate(this.#enterFd, 0);
    this.register(Register.noRingFds, this.#argument.address + descriptorAt, 1);
  }

  #descriptorUpdate(place: number, fd: number): DataView {
    const view = new DataView(this.#argument.buffer, descriptorAt, 16);
    view.setUint32(0, place, true);
    view.setUint32(4, 0, true);
    view.setBigUint64(8, BigInt(fd), true);
    return view;
  }
}

/** Nothing came in time, a signal did, or the kernel is short of something for a moment. */
const harmless = new Set<number>([Errno.ETIME, Errno.EINTR, Errno.EAGAIN, Errno.EBUSY]);

/**
 * Sets all sixteen words of a submission (`struct io_uring_sqe`).
 * @param operation with the flags (`SubmissionFlag`) from bit 8 on and the priority from bit 16 on
 * @param file of the table of direct descriptors, counted from 1
 */
export function writeSubmission(
  words: Int32Array,
  at: number,
  operation: number,
  fd: number,
  offset: number,
  addressLow: number,
  addressHigh: number,
  length: number,
  operationFlags: number,
  userLow: number,
  userHigh: number,
  file: number,
): void {
  words[at] = operation;
  words[at + 1] = fd;
  words[at + 2] = offset;
  words[at + 3] = 0;
  words[at + 4] = addressLow;
  words[at + 5] = addressHigh;
  words[at + 6] = length;
  words[at + 7] = operationFlags;
  words[at + 8] = userLow;
  words[at + 9] = userHigh;
  words[at + 10] = 0;
  words[at + 11] = file;
  words[at + 12] = 0;
  words[at + 13] = 0;
  words[at + 14] = 0;
  words[at + 15] = 0;
}
