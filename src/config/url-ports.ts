import { parsePortRange } from './port-range.js';

/** Before the path: scheme and credentials where there are any, host, then ports that are several. */
const withPorts =
  /^((?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?(?:[^/?#@]*@)?(?:\[[^\]/?#]*\]|[^/?#@:]*)):([\d,-]*[,-][\d,-]*)(?=[/?#]|$)/i;

/** `http://host:9100-9102/` as one URL for each port. A URL with one port, or none, is itself. */
export function expandPorts(written: string): string[] {
  const match = withPorts.exec(written.trim());
  const ports = match === null ? null : parsePortRange(match[2]!);
  if (match === null || ports === null) return [written];
  const rest = written.trim().slice(match[0].length);
  return ports.map((port) => `${match[1]}:${port}${rest}`);
}
