import { ConfigError, type Problem } from '../basis/problem.js';
import type { Scenario } from '../config/scenario.js';
import { speaksGrpc, type RequestSpec } from '../load/plan.js';
import { ofRole, type Target } from './catalog.js';
import { defaultPath, type Manifest, type Served } from './manifest.js';

/** What of a load says what a server has to speak. */
type SpokenLoad = Pick<Scenario, 'requests' | 'http2' | 'webSocket' | 'fanOut'>;

/** A load that a server does not answer: what is said of the server, and what to do. */
interface Unserved {
  readonly message: string;
  readonly remedy: string | null;
}

/**
 * The load with a path for each request that has none, as this target has it. CONTRACT.md says where a
 * reference server has what; one that keeps to no contract is asked for its ready path.
 */
export function placedOn<L extends Pick<Scenario, 'requests' | 'webSocket' | 'fanOut'>>(
  load: L,
  manifest: Manifest,
): L {
  const requests = load.requests.map((request) =>
    request.path === '' ? { ...request, path: pathOf(request, load, manifest) } : request,
  );
  return { ...load, requests };
}

/** So many events that the stream, and not its head, is what is measured. */
const streamPath = '/events/100';

function pathOf(
  { stream }: Pick<RequestSpec, 'stream'>,
  { webSocket, fanOut }: Pick<Scenario, 'webSocket' | 'fanOut'>,
  manifest: Manifest,
): string {
  const { serves, ready } = manifest;
  if (webSocket) {
    const [endpoint, path] = fanOut
      ? (['room', '/room'] as const)
      : (['websocket', '/ws'] as const);
    return serves.includes(endpoint) ? path : ready.path;
  }
  return stream !== null && serves.includes('events') ? streamPath : defaultPath(manifest);
}

/** Why a target cannot answer a load, as far as its manifest tells; null: it may. */
export function unserved({ manifest }: Target, load: SpokenLoad): Unserved | null {
  if (manifest.ready.http2 && !load.http2) {
    return {
      message: 'speaks HTTP/2 alone',
      remedy: 'Ask for it: --http2, or http2: true in the scenario.',
    };
  }
  // One that keeps to no contract lists what it likes.
  if (manifest.family === 'custom') return null;
  if (!load.webSocket && !manifest.serves.includes('plaintext')) {
    return {
      message: 'is there for its WebSockets',
      remedy: 'Ask for them: c1m run --websocket, or protocol: websocket in a scenario.',
    };
  }
  if (speaksGrpc(load)) {
    return { message: 'answers no calls of gRPC', remedy: 'Name a target of your own that does.' };
  }
  const lacking = neededOf(load).find((each) => !manifest.serves.includes(each));
  return lacking === undefined ? null : { message: lacks[lacking], remedy: null };
}

type Needed = Extract<Served, 'http2' | 'room' | 'websocket' | 'events'>;

const lacks: Readonly<Record<Needed, string>> = {
  http2: 'does not speak HTTP/2',
  room: 'has no room, whose WebSockets a fan-out is of',
  websocket: 'has no WebSocket',
  events: 'has no streams of events',
};

function neededOf({ requests, http2, webSocket, fanOut }: SpokenLoad): Needed[] {
  if (webSocket) return [fanOut ? 'room' : 'websocket'];
  const streams = requests.some(({ stream }) => stream !== null);
  return [...(http2 ? ['http2' as const] : []), ...(streams ? ['events' as const] : [])];
}

/** @throws ConfigError for those that cannot answer a load; it names the servers that can */
export function refuseUnserved(
  targets: readonly Target[],
  load: SpokenLoad,
  catalog: readonly Target[],
): void {
  const others = ofRole(catalog, 'server')
    .filter((each) => each.manifest.family !== 'custom' && unserved(each, load) === null)
    .map(({ manifest }) => manifest.name);
  const serving =
    others.length === 0 ? 'See c1m targets list.' : `Take one of ${others.join(', ')}.`;
  const each = new Map(targets.map((target) => [target.manifest.name, target]));
  const problems = [...each.values()].flatMap((target): Problem[] => {
    const found = unserved(target, load);
    if (found === null) return [];
    const { message, remedy } = found;
    return [{ where: target.manifest.name, message, remedy: remedy ?? serving }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
