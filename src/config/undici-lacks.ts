import { speaksGrpc } from '../load/plan.js';
import type { Problem } from '../basis/problem.js';
import type { Scenario } from './scenario.js';

/** What the engine undici does not do, and the others do. */
const lacks = {
  events: 'undici does not tell when the events of a stream come',
  gRPC: 'undici has no gRPC here',
  WebSockets: 'undici has no WebSockets here',
  proxyProtocol: 'undici does not send the PROXY protocol here',
  addresses: 'undici does not choose where connections come from',
} as const;
type Lack = keyof typeof lacks;

export function undiciLacks(what: Lack): Omit<Problem, 'where'> {
  return { message: lacks[what], remedy: 'Use the engine uring, net or auto.' };
}

/** What of that a load needs, as far as it says so itself: that it is of WebSockets, its URLs say. */
export function lackingOf({
  requests,
  proxyProtocol,
}: Pick<Scenario, 'requests' | 'proxyProtocol'>): Lack[] {
  const needed: Partial<Record<Lack, boolean>> = {
    events: requests.some(({ stream }) => stream !== null),
    gRPC: speaksGrpc({ requests }),
    proxyProtocol: proxyProtocol !== null,
  };
  return (Object.keys(needed) as Lack[]).filter((lack) => needed[lack]);
}
