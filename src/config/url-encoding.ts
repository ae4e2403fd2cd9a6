/** Two braces, a placeholder (see template.ts), or what no URI may hold as it is (RFC 3986 § 2). */
const special = /\{\{|\{(?:row\.[^{}]*|[A-Za-z][\w.:-]*)\}|[^\x21-\x7e]+|["<>\\^`{|}]/gu;

/**
 * Path and query of a URL as they were typed, as they go on the wire: what may not stand there is
 * percent-encoded. Placeholders stay, and so does what is percent-encoded already.
 */
export function encodeTyped(rest: string): string {
  return rest.replace(special, (part) => {
    if (part === '{{') return '%7B';
    return part.length > 1 && part.startsWith('{') ? part : percentEncoded(part);
  });
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
