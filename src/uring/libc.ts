import { constants, getPriority } from 'node:os';
import type { LibraryHandle } from 'koffi';
import { Socket } from './abi.js';
import { uninterrupted, uninterruptedly } from './critical-section.js';
import { Memory } from './memory.js';

type Koffi = typeof import('koffi').default;
type ForeignFunction = ReturnType<LibraryHandle['func']>;

const pageProtection = 1 | 2;
const mapShared = 1;
const mapPopulate = 0x8000;
const mapPrivateAnonymous = 0x22;
const mapFailed = 2n ** 64n - 1n;
const longestAddressBytes = 28;
const setTimerSlack = 29;
/** The system call sched_setattr, which the C library does not have. */
const setSchedulingAttributes: Readonly<Partial<Record<string, number>>> = { x64: 314, arm64: 274 };
const schedulingAttributeBytes = 48;
/** The shortest slice there is: 0.1 ms. */
const sliceNanos = 100_000n;

/** A call of the kernel's that failed. */
export class SystemError extends Error {
  readonly errno: number;

  constructor(call: string, errno: number) {
    const name = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0];
    super(`${call} failed: ${name ?? `errno ${errno}`}`);
    this.name = 'SystemError';
    this.errno = errno;
  }
}

/**
 * The C library of this process, as far as io_uring needs it, through koffi. Numbers stand for
 * pointers: the addresses of a process lie below 2^53.
 */
export class Libc {
  /** syscall(2) with six arguments; −1 on failure, and then `errno` says why. */
  readonly syscall: ForeignFunction;
  readonly #koffi: Koffi;
  readonly #mmap: ForeignFunction;
  readonly #munmap: ForeignFunction;
  readonly #close: ForeignFunction;
  readonly #prctl: ForeignFunction;
  readonly #eventfd: ForeignFunction;
  readonly #socket: ForeignFunction;
  readonly #setsockopt: ForeignFunction;
  readonly #bind: ForeignFunction;
  readonly #listen: ForeignFunction;
  readonly #getsockname: ForeignFunction;

  private constructor(koffi: Koffi, library: LibraryHandle) {
    this.#koffi = koffi;
    this.syscall = library.func('long syscall(long, long, long, long, long, long, long)');
    this.#mmap = library.func('void *mmap(void *, size_t, int, int, int, int64_t)');
    this.#munmap = library.func('int munmap(void *, size_t)');
    this.#close = library.func('int close(int)');
    this.#prctl = library.func('int prctl(int, unsigned long)');
    this.#socket = library.func('int socket(int, int, int)');
    this.#setsockopt = library.func('int setsockopt(int, int, int, const void *, uint32_t)');
    this.#bind = library.func('int bind(int, const void *, uint32_t)');
    this.#listen = library.func('int listen(int, int)');
    this.#getsockname = library.func('int getsockname(int, void *, void *)');
    this.#eventfd = library.func('int eventfd(unsigned int, int)');
  }

  /** @throws where koffi is not installed, or has no build for this platform */
  static async load(): Promise<Libc> {
    return uninterruptedly(async () => {
      const { default: koffi } = await import('koffi');
      // The symbols of the process itself: whichever C library Node is linked with.
      return new Libc(koffi, koffi.load(null));
    });
  }

  get errno(): number {
    return this.#koffi.errno();
  }

  /** Memory of our own, zeroed, with an address that stays. */
  allocate(bytes: number): Memory {
    return this.#map(bytes, mapPrivateAnonymous, -1, 0);
  }

  /** Memory shared with the kernel through a descriptor. */
  mapShared(fd: number, bytes: number, offset: number): Memory {
    return this.#map(bytes, mapShared | mapPopulate, fd, offset);
  }

  /** Nothing may look at it any more. */
  free(memory: Memory): void {
    this.#munmap(BigInt(memory.address), memory.length);
  }

  close(fd: number): void {
    this.#close(fd);
  }

  eventfd(): number {
    const fd = this.#eventfd(0, 0) as number;
    if (fd < 0) throw new SystemError('eventfd', this.errno);
    return fd;
  }

  /**
   * A listening socket (socket(2), bind(2), listen(2)).
   * @param address a socket address of its family
   */
  listen(family: number, address: Uint8Array, backlog: number): number {
    const fd = this.#socket(family, Socket.stream | Socket.closeOnExec, 0) as number;
    if (fd < 0) throw new SystemError('socket', this.errno);
    const on = Uint8Array.of(1, 0, 0, 0);
    this.#setsockopt(fd, Socket.levelSocket, Socket.reuseAddress, on, on.length);
    const bound = (this.#bind(fd, address, address.length) as number) === 0;
    if (bound && (this.#listen(fd, backlog) as number) === 0) return fd;
    const { errno } = this;
    this.close(fd);
    throw new SystemError(bound ? 'listen' : 'bind', errno);
  }

  /** A socket that is bound to an address; −1 where that is taken. */
  bound(family: number, address: Uint8Array): number {
    const fd = this.#socket(family, Socket.stream | Socket.closeOnExec, 0) as number;
    if (fd < 0) throw new SystemError('socket', this.errno);
    if ((this.#bind(fd, address, address.length) as number) === 0) return fd;
    const { errno } = this;
    this.close(fd);
    if (errno === constants.errno.EADDRINUSE) return -1;
    throw new SystemError('bind', errno);
  }

  /** The port that a socket is bound to (getsockname(2)). */
  portOf(fd: number): number {
    const address = Buffer.alloc(longestAddressBytes);
    const length = Buffer.from(Uint32Array.of(address.length).buffer);
    if ((this.#getsockname(fd, address, length) as number) < 0) {
      throw new SystemError('getsockname', this.errno);
    }
    return address.readUInt16BE(2);
  }

  /**
   * What this thread sleeps for wakes it at once: its timers fire when they are due, not up to 50 µs
   * later (prctl(2)), and it asks for short slices of CPU, with which it goes before threads that
   * compute for long, such as a compiler's (sched_setattr(2); Linux ≥ 6.12, others take no notice).
   */
  preferLatency(): void {
    this.#prctl(setTimerSlack, 1);
    const number = setSchedulingAttributes[process.arch];
    if (number === undefined) return;
    const memory = this.allocate(schedulingAttributeBytes);
    const view = new DataView(memory.buffer);
    view.setUint32(0, schedulingAttributeBytes, true);
    view.setInt32(16, getPriority(), true);
    view.setBigUint64(24, sliceNanos, true);
    this.syscall(number, 0, memory.address, 0, 0, 0, 0);
    this.free(memory);
  }

  #map(bytes: number, flags: number, fd: number, offset: number): Memory {
    const pointer = this.#mmap(null, bytes, pageProtection, flags, fd, offset) as bigint;
    if (pointer === mapFailed) throw new SystemError('mmap', this.errno);
    return new Memory(
      Number(pointer),
      uninterrupted(() => this.#koffi.view(pointer, bytes)),
    );
  }
}
