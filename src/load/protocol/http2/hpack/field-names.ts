const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** 1: the octet may stand in a field's name (RFC 9113 §8.2.1). */
const allowed = new Uint8Array(256);
for (let byte = 0x21; byte < 0x7f; byte++) if (!isUpper(byte) && byte !== 0x3a) allowed[byte] = 1;

/** `none`: it could not be read. */
export const FieldName = {
  none: -1,
  other: 0,
  status: 1,
  contentLength: 2,
  bad: 3,
  contentType: 4,
  grpcStatus: 5,
  grpcMessage: 6,
} as const;

const known = [
  { text: ':status', means: FieldName.status },
  { text: 'content-length', means: FieldName.contentLength },
  { text: 'content-type', means: FieldName.contentType },
  { text: 'grpc-status', means: FieldName.grpcStatus },
  { text: 'grpc-message', means: FieldName.grpcMessage },
  // Fields of the connection, which HTTP/2 has not (RFC 9113 §8.2.2).
  ...['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'].map(
    (text) => ({ text, means: FieldName.bad }),
  ),
].map(({ text, means }) => ({ octets: Buffer.from(text), means }));

/** What a name of so many octets at `start` means to c1m (`FieldName`). */
export function readFieldName(bytes: Uint8Array, start: number, length: number): number {
  for (let k = 0; k < known.length; k++) {
    const { octets, means } = known[k]!;
    if (octets.length === length && isAt(octets, bytes, start)) return means;
  }
  if (length === 0) return FieldName.bad;
  for (let i = start; i < start + length; i++) if (allowed[bytes[i]!] === 0) return FieldName.bad;
  return FieldName.other;
}

function isAt(octets: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < octets.length; i++) if (octets[i] !== bytes[start + i]) return false;
  return true;
}
