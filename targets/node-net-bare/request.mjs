const maxHeadBytes = 16 * 1024;
const maxBodyBytes = 1024 * 1024;

const headEnd = Buffer.from('\r\n\r\n');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~]+) HTTP\/1\.([01])$/;
const field = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\0\r\n]*?)[ \t]*$/;

/** A request whose client is told this status before its connection is closed. */
function refuse(status) {
  return { refused: status };
}

/**
 * The head that starts at `start`: undefined when more has to be received first, or with
 * the status of a refusal in `refused`.
 */
export function parseRequest(buffer, start) {
  const end = buffer.indexOf(headEnd, start);
  if (end === -1) return unfinished(buffer, start);
  const headBytes = end + headEnd.length - start;
  if (headBytes > maxHeadBytes) return refuse(431);
  return parseHead(buffer.latin1Slice(start, end), headBytes);
}

/** Tells garbage from a head that is still coming: no line of HTTP ends in a bare line feed. */
function unfinished(buffer, start) {
  const firstLineFeed = buffer.indexOf(lineFeed, start);
  const bare = firstLineFeed !== -1 && buffer[firstLineFeed - 1] !== carriageReturn;
  if (bare || firstLineFeed === start) return refuse(400);
  return buffer.length - start >= maxHeadBytes ? refuse(431) : undefined;
}

function parseHead(head, headBytes) {
  const lines = head.split('\r\n');
  const line = requestLine.exec(lines[0]);
  if (line === null) return refuse(400);
  const [, method, target, minorVersion] = line;
  const query = target.indexOf('?');
  const request = {
    refused: 0,
    method,
    path: query === -1 ? target : target.slice(0, query),
    contentType: '',
    headBytes,
    bodyBytes: 0,
    closes: minorVersion === '0',
    expectsContinue: false,
  };
  let chunked = false;
  let hasLength = false;
  for (let i = 1; i < lines.length; i++) {
    const parts = field.exec(lines[i]);
    if (parts === null) return refuse(400);
    const value = parts[2];
    switch (parts[1].toLowerCase()) {
      case 'content-length': {
        const length = parseDecimal(value);
        if (Number.isNaN(length) || (hasLength && length !== request.bodyBytes)) {
          return refuse(400);
        }
        request.bodyBytes = length;
        hasLength = true;
        break;
      }
      case 'transfer-encoding':
        chunked = true;
        break;
      case 'content-type':
        request.contentType = value;
        break;
      case 'connection':
        request.closes ||= lists(value, 'close');
        break;
      case 'expect':
        request.expectsContinue = value.toLowerCase() === '100-continue';
        break;
    }
  }
  // With both, the two disagree on where the next request begins.
  if (chunked) return refuse(hasLength ? 400 : 411);
  if (request.bodyBytes > maxBodyBytes) return refuse(413);
  return request;
}

function lists(value, item) {
  return value.split(',').some((each) => each.trim().toLowerCase() === item);
}

/** Digits only; NaN otherwise. */
export function parseDecimal(text) {
  return /^[0-9]+$/.test(text) ? Number(text) : NaN;
}
