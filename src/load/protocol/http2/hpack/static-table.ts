/** Names, and some values, that have numbers, counted from 1 (RFC 7541 Appendix A). */
const entries: readonly (readonly [name: string, value: string])[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...['200', '204', '206', '304', '400', '404', '500'].map((s) => [':status', s] as const),
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ...[
    ...['accept-language', 'accept-ranges', 'accept', 'access-control-allow-origin', 'age'],
    ...['allow', 'authorization', 'cache-control', 'content-disposition', 'content-encoding'],
    ...['content-language', 'content-length', 'content-location', 'content-range', 'content-type'],
    ...['cookie', 'date', 'etag', 'expect', 'expires', 'from', 'host', 'if-match'],
    ...['if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-modified'],
    ...['link', 'location', 'max-forwards', 'proxy-authenticate', 'proxy-authorization', 'range'],
    ...['referer', 'refresh', 'retry-after', 'server', 'set-cookie', 'strict-transport-security'],
    ...['transfer-encoding', 'user-agent', 'vary', 'via', 'www-authenticate'],
  ].map((name) => [name, ''] as const),
];

export const staticEntries = entries.length;
export const StaticName = {
  firstStatus: 8,
  lastStatus: 14,
  contentLength: 28,
  contentType: 31,
  transferEncoding: 57,
};
/** The last of those that begin with a colon. */
export const lastPseudoEntry = 14;

/** By number, from 1 on. */
export const staticNameLengths = Uint8Array.of(0, ...entries.map(([name]) => name.length));

/** The status that each of the seven entries stands for, from `StaticName.firstStatus` on. */
export const staticStatuses = Uint16Array.of(200, 204, 206, 304, 400, 404, 500);

/** The number of a field's name; 0: it has none. */
export function staticName(name: string): number {
  return entries.findIndex(([other]) => other === name) + 1;
}

/** The number of a name with this very value; 0: it has none. */
export function staticField(name: string, value: string): number {
  if (value === '') return 0;
  return entries.findIndex(([other, its]) => other === name && its === value) + 1;
}
