const maxBodyBytes = 1024 * 1024;

/** Calls back once: with the whole body, or with undefined as soon as it is too large. */
export function readBody(request, done) {
  if (Number(request.headers['content-length']) > maxBodyBytes) {
    done(undefined);
    return;
  }
  const chunks = [];
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else if (bytes - chunk.length <= maxBodyBytes) done(undefined);
  });
  request.on('end', () => {
    if (bytes <= maxBodyBytes) done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
  // A client that leaves in the middle gets no answer.
  request.on('error', () => {});
}
