/** What stands in grpc-message, whose octets beyond printable ASCII are percent-encoded. */
export function statusText(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('latin1');
  const decoded = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
  return decoded.trim();
}
