/**
 * What the kernel's io_uring interface is made of: numbers from include/uapi/linux/io_uring.h and
 * asm-generic/unistd.h, which are the same on x86-64 and arm64. All are stable ABI.
 */

/** System calls. */
export const Syscall = { setup: 425, enter: 426, register: 427 } as const;

/** Opcodes of the operations that are used, by name in the header without `IORING_OP_`. */
export const Operation = {
  ASYNC_CANCEL: 14,
  ACCEPT: 13,
  CONNECT: 16,
  CLOSE: 19,
  READ: 22,
  SEND: 26,
  RECV: 27,
  SOCKET: 45,
  URING_CMD: 46,
  BIND: 56,
} as const;

/** Flags of a submission (`IOSQE_`). */
export const SubmissionFlag = {
  fixedFile: 1,
  link: 4,
  bufferSelect: 32,
  skipSuccess: 64,
} as const;

/** Flags of a completion (`IORING_CQE_F_`). */
export const CompletionFlag = { buffer: 1, more: 2 } as const;
/** The number of the provided buffer stands above this bit of a completion's flags. */
export const bufferIdShift = 16;

/** Flags of `io_uring_setup` (`IORING_SETUP_`). */
export const SetupFlag = {
  cqSize: 1 << 3,
  clamp: 1 << 4,
  submitAll: 1 << 7,
  coopTaskrun: 1 << 8,
  taskrunFlag: 1 << 9,
  singleIssuer: 1 << 12,
  deferTaskrun: 1 << 13,
  noSqArray: 1 << 16,
} as const;

/** What the kernel can (`IORING_FEAT_`). */
export const Feature = { minTimeout: 1 << 15 } as const;

/** Flags of `io_uring_enter` (`IORING_ENTER_`). */
export const EnterFlag = { getEvents: 1, extArg: 8, registeredRing: 16 } as const;

/** Flags in the submission ring, set by the kernel (`IORING_SQ_`). */
export const SqFlag = { cqOverflow: 2, taskrun: 4 } as const;

/** `IORING_FILE_INDEX_ALLOC`: the kernel chooses a free place in the table. */
export const anyPlace = -1;

/** Operations of `io_uring_register` (`IORING_REGISTER_`). */
export const Register = {
  eventfd: 4,
  filesUpdate: 6,
  probe: 8,
  files2: 13,
  ringFds: 20,
  /** `IORING_UNREGISTER_RING_FDS` */
  noRingFds: 21,
  bufferRing: 22,
} as const;
/** `IORING_RSRC_REGISTER_SPARSE` */
export const sparse = 1;

/** Where the rings are mapped from (`IORING_OFF_`). */
export const MapOffset = { rings: 0, submissions: 0x10000000 } as const;

/** In the priority field of RECV and ACCEPT: go on until told to stop. */
export const Multishot = { recv: 2, accept: 1 } as const;

/** socket(2), send(2). */
export const Socket = {
  unix: 1,
  inet: 2,
  inet6: 10,
  stream: 1,
  msgNoSignal: 0x4000,
  msgWaitAll: 0x100,
  msgDontWait: 0x40,
  closeOnExec: 0o2000000,
  levelSocket: 1,
  reuseAddress: 2,
  levelTcp: 6,
  noDelay: 1,
} as const;

/** Commands of URING_CMD (`SOCKET_URING_OP_`): setsockopt(2), from Linux 6.7 on. */
export const SocketCommand = { setOption: 3 } as const;

/** errno(3), as completions carry them, negated. */
export const Errno = {
  EINTR: 4,
  EAGAIN: 11,
  EBUSY: 16,
  ETIME: 62,
  EADDRINUSE: 98,
  ENOBUFS: 105,
  ECANCELED: 125,
} as const;

export const submissionBytes = 64;
export const completionBytes = 16;
