import type { Origin } from '../load/plan.js';
import { defaultPath, type Manifest } from './manifest.js';

/** Where a process of a target is loaded, and what it is asked for where nothing says what. */
export function targetOrigin(url: string, manifest: Manifest): Origin {
  const { hostname, port } = new URL(url);
  const path = defaultPath(manifest);
  return { protocol: 'http:', hostname, address: hostname, port: Number(port), path };
}
