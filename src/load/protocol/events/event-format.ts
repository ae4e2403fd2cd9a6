import { ascii, HTAB, LOWER_TOKEN, SEMICOLON, SP } from '../http1/bytes.js';

export const eventFormats = ['none', 'sse', 'ndjson'] as const;
/** As what the content of a response is read; `none`: it is no stream of events. */
export type EventFormat = (typeof eventFormats)[number];

/**
 * Server-sent events (WHATWG HTML §9.2.5), and the names that lines of JSON go by: none of them is
 * registered, but for RFC 7464's sequences.
 */
const mediaTypes: readonly (readonly [type: Uint8Array, format: EventFormat])[] = [
  [ascii('text/event-stream'), 'sse'],
  ...[
    'application/x-ndjson',
    'application/ndjson',
    'application/jsonl',
    'application/x-jsonlines',
    'application/jsonlines',
    'application/stream+json',
    'application/json-seq',
  ].map((type) => [ascii(type), 'ndjson'] as const),
];

/** No longer one is known. */
export const mostTypeBytes = Math.max(...mediaTypes.map(([type]) => type.length));

/** What a Content-Type says: `bytes[start]` … `bytes[end − 1]`, parameters and all (RFC 9110 §8.3.1). */
export function formatOfType(bytes: Uint8Array, start: number, end: number): EventFormat {
  let last = start;
  while (last < end && !endsType(bytes[last]!)) last++;
  for (const [type, format] of mediaTypes) {
    if (type.length === last - start && isSame(type, bytes, start)) return format;
  }
  return 'none';
}

function endsType(byte: number): boolean {
  return byte === SEMICOLON || byte === SP || byte === HTAB;
}

/** Letters may be small or capital. */
function isSame(type: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < type.length; i++) {
    const byte = bytes[start + i]!;
    if (byte !== type[i] && LOWER_TOKEN[byte] !== type[i]) return false;
  }
  return true;
}
