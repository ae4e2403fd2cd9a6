import type { EngineName } from '../load/plan.js';
import { ConfigError } from '../basis/problem.js';
import type { Scenario } from './scenario.js';

export interface EngineDecision {
  readonly name: EngineName;
  /** Why not the faster one; null where it is the fastest, or was asked for by name. */
  readonly reason: string | null;
}

/** Whether the io_uring engine runs here. */
type UringAvailability =
  | { readonly available: true; readonly setsOptions: boolean }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

/**
 * The fastest engine that can do it, unless one is named: uring, net. undici is never chosen.
 * @param secure whether the target is reached over TLS
 * @param binds whether the addresses are given that connections come from
 */
export function chooseEngine(
  { engine, http2 }: Pick<Scenario, 'engine' | 'http2'>,
  secure: boolean,
  uring: UringAvailability,
  binds = false,
): EngineDecision {
  if (engine === 'uring') requireUring(secure, uring);
  if (binds && engine === 'undici') refuseToBind();
  if (engine !== 'auto') return { name: engine, reason: null };
  if (secure) return { name: 'net', reason: 'uring does not speak TLS' };
  if (!uring.available) return { name: 'net', reason: `uring: ${uring.reason}` };
  if (http2 && !uring.setsOptions) {
    return { name: 'net', reason: 'uring needs Linux ≥ 6.7 for HTTP/2' };
  }
  return { name: 'uring', reason: null };
}

function requireUring(secure: boolean, uring: UringAvailability): void {
  const where = '--engine';
  if (secure) {
    const remedy = 'Use --engine net, or auto, for https.';
    throw new ConfigError([{ where, message: 'uring does not speak TLS', remedy }]);
  }
  if (uring.available) return;
  const message = `uring cannot be used here: ${uring.reason}`;
  throw new ConfigError([{ where, message, remedy: `${uring.remedy}, or use --engine net.` }]);
}

function refuseToBind(): never {
  const message = 'undici does not choose where connections come from';
  const remedy = 'Leave it out, or use --engine net.';
  throw new ConfigError([{ where: '--local-ips', message, remedy }]);
}
