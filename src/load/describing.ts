import type { TlsSettings } from '../tls/settings.js';
import type { Detours } from './detours.js';
import type { UnresolvedOrigin } from './plan.js';

/** The server that is asked what its methods are. */
export interface Describing {
  readonly origin: UnresolvedOrigin;
  readonly tls: TlsSettings;
  readonly detours: Detours;
}
