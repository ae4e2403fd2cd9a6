import type { Socket } from 'node:net';

/**
 * The code of the reset that a socket's end really was; null where it was an end. libuv takes a reset
 * right behind some octets for an end (uv__stream_io: POLLHUP after a partial read). To write nothing
 * tells them apart: it sends nothing, and fails at once with what is pending. To be called in an
 * `end` listener that comes before Node's own, or on a socket with `allowHalfOpen`.
 */
export function resetAtEnd(socket: Socket): string | null {
  // Behind octets that wait to be written, nothing would fail at once.
  if (!socket.writable || socket.writableLength > 0) return null;
  socket.write('');
  const error: NodeJS.ErrnoException | null = socket.errored;
  return error === null ? null : (error.code ?? 'ECONNRESET');
}
