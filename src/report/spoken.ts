import type { PhaseResult } from '../results/figures.js';

type Spoken = Pick<PhaseResult, 'load' | 'events'>;

/** What was spoken with the server, in words; empty of plain requests over HTTP/1.1. */
export function spokenBy(phases: readonly Spoken[]): string {
  return [
    protocolsOf(phases),
    phases.some(({ load }) => load.fanOut !== null) ? 'fan-out' : '',
    phases.some(({ events }) => events !== null) ? 'streams of events' : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Of these, what carried it; empty: HTTP/1.1, in clear text. */
export function protocolsOf(phases: readonly Pick<PhaseResult, 'load'>[]): string {
  const names = new Set(phases.flatMap(({ load }) => load.negotiated.map(protocolName)));
  const protocols = [...names].join(' and ');
  return protocols === 'HTTP/1.1' ? '' : protocols;
}

function protocolName({ http, tls }: Spoken['load']['negotiated'][0]): string {
  return [
    http === 'websocket' ? 'WebSocket' : `HTTP/${http}`,
    ...(tls === null ? [] : [`${tls.version} (${tls.cipher})`]),
  ].join(' over ');
}
