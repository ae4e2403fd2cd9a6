import type { TlsSettings } from '../tls/settings.js';
import type { Detours } from './detours.js';
import type { UnresolvedOrigin } from './plan.js';

/** The server that is asked what its methods are. */
export interface Describing {
  readonly origin: UnresolvedOrigin;
  readonly tls: TlsSettings;
  readonly detours: Detours;
}

/** What a scenario says of the servers that it is for. */
export interface ScenarioServers {
  readonly tls: TlsSettings;
  readonly unix: string | null;
  readonly targets: readonly string[];
}

/** Has a server up while it is asked, for a scenario that leaves it to the server what its methods are. */
export type Describer = <T>(
  servers: ScenarioServers,
  ask: (server: Describing) => Promise<T>,
) => Promise<T>;
