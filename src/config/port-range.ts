const highestPort = 65_535;

/** Reads `9100`, `9100-9155` or a list of both; null where it is none of these. */
export function parsePortRange(written: string): number[] | null {
  const ports: number[] = [];
  for (const part of written.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match === null) return null;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first < 1 || last > highestPort || last < first) return null;
    for (let port = first; port <= last; port++) ports.push(port);
  }
  return ports;
}
