import { Multishot, Operation, Socket, SubmissionFlag } from './abi.js';
import { writeSubmission, type Ring } from './ring.js';

/**
 * What is asked of the kernel for a connection that is a place in a ring's table of direct
 * descriptors. Each answer carries user data: a kind above the place, and the generation.
 */

const quiet = SubmissionFlag.skipSuccess << 8;
const fixed = SubmissionFlag.fixedFile << 8;
const sendOperation = Operation.SEND | fixed;
const quietSendOperation = sendOperation | quiet;
const receiveOperation =
  Operation.RECV | fixed | (SubmissionFlag.bufferSelect << 8) | (Multishot.recv << 16);
const cancelOperation = Operation.ASYNC_CANCEL | quiet;
const closeOperation = Operation.CLOSE | quiet;
const sendFlags = Socket.msgNoSignal | Socket.msgWaitAll;
const sendAtOnceFlags = sendFlags | Socket.msgDontWait;

const kindShift = 16;
export const placeMask = (1 << kindShift) - 1;
/** The low word of the user data, without the place. */
export const Kind = {
  receive: 0,
  connect: 1 << kindShift,
  /** SOCKET and BIND, which answer only when they fail. */
  setUp: 2 << kindShift,
  /** Answers as the operation says that sends. */
  send: 3 << kindShift,
  /** Nobody waits for the answer. From here on all kinds are of that sort. */
  ignored: 4 << kindShift,
} as const;

/** Receives until the connection ends, into provided buffers. */
export function receive(ring: Ring, place: number, generation: number): void {
  const user = Kind.receive | place;
  const at = ring.claim();
  writeSubmission(ring.words, at, receiveOperation, place, 0, 0, 0, 0, 0, user, generation, 0);
}

/** The kernel takes so many octets at once where nothing else waits to be sent. */
export const mostSentQuietly = 4096;

/**
 * Sends all of `length` octets, which stay where they are until then. Answers only when it fails, or
 * is longer than `mostSentQuietly`.
 */
export function send(
  ring: Ring,
  place: number,
  low: number,
  high: number,
  length: number,
  generation: number,
): void {
  const operation = length > mostSentQuietly ? sendOperation : quietSendOperation;
  submitSend(ring, operation, sendFlags, place, low, high, length, generation);
}

/**
 * Sends `length` octets where the socket has room for all of them, while the kernel takes the
 * submission: none of them is looked at afterwards. Answers only when it fails, or how many of them
 * it took where these were not all.
 */
export function sendAtOnce(
  ring: Ring,
  place: number,
  low: number,
  high: number,
  length: number,
  generation: number,
): void {
  submitSend(ring, quietSendOperation, sendAtOnceFlags, place, low, high, length, generation);
}

/** Sends all of `length` octets, which stay where they are until the answer, which always comes. */
export function sendInTime(
  ring: Ring,
  place: number,
  low: number,
  high: number,
  length: number,
  generation: number,
): void {
  submitSend(ring, sendOperation, sendFlags, place, low, high, length, generation);
}

function submitSend(
  ring: Ring,
  operation: number,
  flags: number,
  place: number,
  low: number,
  high: number,
  length: number,
  generation: number,
): void {
  const user = Kind.send | place;
  const at = ring.claim();
  writeSubmission(
    ring.words,
    at,
    operation,
    place,
    0,
    low,
    high,
    length,
    flags,
    user,
    generation,
    0,
  );
}

/** Ends what would keep the connection alive after its descriptor is closed. */
export function cancel(ring: Ring, kind: number, place: number, generation: number): void {
  const user = kind | place;
  const at = ring.claim();
  writeSubmission(
    ring.words,
    at,
    cancelOperation,
    -1,
    0,
    user,
    generation,
    0,
    0,
    Kind.ignored,
    0,
    0,
  );
}

export function close(ring: Ring, place: number): void {
  const at = ring.claim();
  writeSubmission(ring.words, at, closeOperation, 0, 0, 0, 0, 0, 0, Kind.ignored, 0, place + 1);
}
