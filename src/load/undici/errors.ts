import { requestErrorKind, type RequestErrorKind } from '../errors.js';

/** Names what undici says of a failed request; null for what it throws without a name. */
export function undiciErrorKind(error: Error): RequestErrorKind | null {
  const { code } = error as NodeJS.ErrnoException;
  const { message } = error;
  switch (code) {
    case 'ERR_HTTP2_STREAM_ERROR':
      return message.includes('REFUSED_STREAM') ? 'refused-stream' : 'stream-reset';
    case 'ERR_HTTP2_GOAWAY_SESSION':
      return 'goaway';
    // The stream ended without its response, and without an error of Node's: RST_STREAM as well.
    case 'UND_ERR_INFO':
      return message.startsWith('HTTP/2: stream') ? 'stream-reset' : 'other';
    case 'UND_ERR_SOCKET':
      return message.includes('GOAWAY') ? 'goaway' : 'closed-before-response';
    case 'UND_ERR_HEADERS_OVERFLOW':
      return 'head-too-large';
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return 'truncated';
    case 'ERR_ASSERTION':
    case undefined:
      if (error.name !== 'HTTPParserError') return null;
      // undici's parser gives no code; this is the end of the connection in the middle of a chunk.
      return message.includes('Invalid EOF state') ? 'truncated' : 'malformed';
    default:
      if (code.startsWith('HPE_'))
        return code === 'HPE_HEADER_OVERFLOW' ? 'head-too-large' : 'malformed';
      if (code.startsWith('ERR_HTTP2')) return 'protocol';
      return requestErrorKind(code);
  }
}
