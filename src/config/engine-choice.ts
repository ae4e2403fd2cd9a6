import type { EngineName } from '../load/plan.js';
import { ConfigError } from '../basis/problem.js';
import type { Scenario } from './scenario.js';
import { undiciLacks } from './undici-lacks.js';

export interface EngineDecision {
  readonly name: EngineName;
  /** Why not the faster one; null where it is the fastest, or was asked for by name. */
  readonly reason: string | null;
}

/** Why something that the io_uring engine needs is not to be had here. */
interface Unavailable {
  readonly available: false;
  readonly reason: string;
  readonly remedy: string;
}
type Availability = { readonly available: true } | Unavailable;
type UringAvailability = { readonly available: true; readonly setsOptions: boolean } | Unavailable;

/**
 * The fastest engine that can do it, unless one is named: uring, net. undici is never chosen.
 * @param uring whether io_uring is to be had
 * @param tls whether TLS without Node's sockets is; null: no target is reached over TLS
 * @param binds whether the addresses are given that connections come from
 */
export function chooseEngine(
  { engine, http2 }: Pick<Scenario, 'engine' | 'http2'>,
  uring: UringAvailability,
  tls: Availability | null,
  binds = false,
): EngineDecision {
  if (engine === 'uring') requireUring(uring, tls);
  if (binds && engine === 'undici') refuseToBind();
  if (engine !== 'auto') return { name: engine, reason: null };
  if (!uring.available) return { name: 'net', reason: `uring: ${uring.reason}` };
  if (tls?.available === false) return { name: 'net', reason: `TLS in uring: ${tls.reason}` };
  if (http2 && !uring.setsOptions) {
    return { name: 'net', reason: 'uring needs Linux ≥ 6.7 for HTTP/2' };
  }
  return { name: 'uring', reason: null };
}

function requireUring(uring: Availability, tls: Availability | null): void {
  const where = '--engine';
  if (uring.available && tls?.available === false) {
    const message = `uring cannot speak TLS here: ${tls.reason}`;
    throw new ConfigError([{ where, message, remedy: `${tls.remedy}, or use --engine net.` }]);
  }
  if (uring.available) return;
  const message = `uring cannot be used here: ${uring.reason}`;
  throw new ConfigError([{ where, message, remedy: `${uring.remedy}, or use --engine net.` }]);
}

function refuseToBind(): never {
  throw new ConfigError([{ where: '--local-ips', ...undiciLacks('addresses') }]);
}
