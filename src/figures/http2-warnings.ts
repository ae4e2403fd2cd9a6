import { totalOf } from '../results/counts.js';
import type { LoadFigures, Warning } from '../results/figures.js';

/** What of HTTP/2 the server has not, or has less of than was asked for. */
export function http2Warnings(load: LoadFigures): Warning[] {
  return [withoutHttp2(load), fewerStreams(load), endedCalls(load)].filter(
    (warning) => warning !== null,
  );
}

function withoutHttp2({ connectErrors }: LoadFigures): Warning | null {
  const refused = connectErrors['no-http2'] ?? 0;
  if (refused === 0) return null;
  return {
    code: 'no-http2',
    message: `The server does not speak HTTP/2, as ${refused} connections found`,
    remedy: 'Leave out --http2, or turn HTTP/2 on in the server: curl -v --http2 URL',
  };
}

function fewerStreams({ negotiated }: LoadFigures): Warning | null {
  const fewest = Math.min(...negotiated.map(({ streams }) => streams ?? Infinity));
  if (fewest === Infinity) return null;
  return {
    code: 'fewer-streams',
    message: `The server takes ${fewest} requests at once on a connection, fewer than --streams asks for (SETTINGS_MAX_CONCURRENT_STREAMS): c1m sends no more`,
    remedy: `Ask for --streams ${Math.max(1, fewest)}, for more connections, or raise the server’s limit`,
  };
}

function endedCalls({ callsEnded }: LoadFigures): Warning | null {
  const total = totalOf(callsEnded);
  if (total === 0) return null;
  const named = Object.entries(callsEnded).map(([kind, count]) => `${kind} ${count}`);
  return {
    code: 'calls-ended',
    message: `The server ended ${total} calls that were held open (${named.join(', ')}), and each was opened again with the next message`,
    remedy: 'Look for what ends them: a limit of their age, a fault, or a message that is the last',
  };
}
