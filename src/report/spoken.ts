import type { LoadFigures } from '../results/figures.js';

/** What was agreed on with the server, where it is not the usual; null: HTTP/1.1, in clear text. */
export function spoken(loads: readonly Pick<LoadFigures, 'negotiated'>[]): string | null {
  const names = new Set(
    loads
      .flatMap(({ negotiated }) => negotiated)
      .map(({ http, tls }) =>
        [
          http === 'websocket' ? 'WebSocket' : `HTTP/${http}`,
          ...(tls === null ? [] : [`${tls.version} (${tls.cipher})`]),
        ].join(' over '),
      ),
  );
  const text = [...names].join(' and ');
  return text === '' || text === 'HTTP/1.1' ? null : text;
}
