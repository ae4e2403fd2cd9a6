const statusLines = {
  200: 'HTTP/1.1 200 OK',
  400: 'HTTP/1.1 400 Bad Request',
  404: 'HTTP/1.1 404 Not Found',
  405: 'HTTP/1.1 405 Method Not Allowed',
  411: 'HTTP/1.1 411 Length Required',
  413: 'HTTP/1.1 413 Content Too Large',
  431: 'HTTP/1.1 431 Request Header Fields Too Large',
};

export const continueHead = 'HTTP/1.1 100 Continue\r\n\r\n';

/** The head of a response, a character per byte. */
export function responseHead(status, type, bodyBytes, closes) {
  const typeField = type === '' ? '' : `\r\nContent-Type: ${type}`;
  const closeField = closes ? '\r\nConnection: close' : '';
  return `${statusLines[status]}${typeField}${closeField}\r\nContent-Length: ${bodyBytes}\r\n\r\n`;
}

/** The last response on a connection whose client went wrong. */
export function refusal(status) {
  return responseHead(status, '', 0, true);
}
