const maxHeadBytes = 16 * 1024;
const maxBodyBytes = 1024 * 1024;

const headEnd = Buffer.from('\r\n\r\n');
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

// Both go once over a head: no line break can be taken by two of their parts.
const wellFormed =
  /^([!#$%&'*+\-.^_`|~\w]+) ([!-~]+) HTTP\/1\.([01])(?:\r\n[!#$%&'*+\-.^_`|~\w]+:[^\0\r\n]*)*$/;
const fieldsThatMatter =
  /\r\n(connection|content-length|content-type|expect|transfer-encoding):[ \t]*([^\r\n]*)/gi;

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
  const parts = wellFormed.exec(head);
  if (parts === null) return refuse(400);
  const target = parts[2];
  const query = target.indexOf('?');
  const request = {
    refused: 0,
    method: parts[1],
    path: query === -1 ? target : target.slice(0, query),
    contentType: '',
    headBytes,
    bodyBytes: 0,
    closes: parts[3] === '0',
    expectsContinue: false,
  };
  request.refused = parseFields(head, request);
  return request;
}

/** Returns the status of a refusal, or 0. */
function parseFields(head, request) {
  let chunked = false;
  let hasLength = false;
  fieldsThatMatter.lastIndex = 0;
  for (let parts; (parts = fieldsThatMatter.exec(head)) !== null;) {
    const value = parts[2].trimEnd();
    switch (parts[1].toLowerCase()) {
      case 'connection':
        request.closes ||= lists(value, 'close');
        break;
      case 'content-length': {
        const length = parseDecimal(value);
        if (Number.isNaN(length) || (hasLength && length !== request.bodyBytes)) return 400;
        request.bodyBytes = length;
        hasLength = true;
        break;
      }
      case 'content-type':
        request.contentType = value;
        break;
      case 'expect':
        request.expectsContinue = value.toLowerCase() === '100-continue';
        break;
      case 'transfer-encoding':
        chunked = true;
        break;
    }
  }
  // With both, the two disagree on where the next request begins.
  if (chunked) return hasLength ? 400 : 411;
  return request.bodyBytes > maxBodyBytes ? 413 : 0;
}

function lists(value, item) {
  return value.split(',').some((each) => each.trim().toLowerCase() === item);
}

/** Digits only; NaN otherwise. */
export function parseDecimal(text) {
  return /^[0-9]+$/.test(text) ? Number(text) : NaN;
}
