/** What becomes of connections that idle, are slow, or say too much. */
export const options = {
  // Node's defaults end an idle connection after 5 s, and a slow request after 5 min.
  keepAliveTimeout: 0,
  headersTimeout: 0,
  requestTimeout: 0,
  maxHeaderSize: 16 * 1024,
};

const lingerMs = 500;

/**
 * What node:http does by itself, but with a length, and without the reset that closing
 * on unread bytes would be.
 */
export function refuse(error, socket) {
  // What comes behind a request that asked to close; its answer closes the connection.
  if (error.code === 'HPE_CLOSED_CONNECTION') return;
  // A client that left is nothing to answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs);
}
