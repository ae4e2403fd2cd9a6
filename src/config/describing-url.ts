import type { Describer } from '../load/describing.js';
import type { Detours } from '../load/detours.js';
import type { TlsSettings } from '../tls/settings.js';
import { reachedBy, type TargetUrl } from './target-url.js';

/** How a server at a URL is reached, where that is said beside the scenario. */
interface Reached {
  readonly tls: Partial<TlsSettings>;
  readonly unix: string | null;
  readonly detours: Detours;
}

/** Of a server that runs already; null: there is none. */
export function urlDescriber(url: TargetUrl | undefined, reached: Reached): Describer | null {
  if (url === undefined) return null;
  return (servers, ask) =>
    ask({
      origin: reachedBy(reached.unix ?? servers.unix, url.origin),
      tls: { ...servers.tls, ...reached.tls },
      detours: reached.detours,
    });
}
