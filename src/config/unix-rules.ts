import { ConfigError, type Problem } from '../basis/problem.js';
import type { AskedLoad } from './asked-load.js';
import type { Scenario } from './scenario.js';
import type { TargetUrl } from './target-url.js';

type Detoured = Pick<AskedLoad, 'detours' | 'localAddresses'>;

/** What does not go with a Unix socket. @param targets none for a target that c1m starts */
export function unixProblems(
  { unix }: Pick<Scenario, 'unix'>,
  { detours, localAddresses }: Detoured,
  targets: readonly TargetUrl[],
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (where: string, message: string): void => {
    problems.push({ where, message, remedy: 'Leave one of the two out.' });
  };
  const named = targets.find(({ origin }) => origin.socket !== undefined);
  if (unix !== null && targets.length === 0) problems.push(notStarted);
  if (unix !== null && named !== undefined) {
    refuse('--unix', `${named.href} names a Unix socket already`);
  }
  if (unix === null && named === undefined) return problems;
  const ofTcp = 'a Unix socket has no address or port';
  if (localAddresses !== null) refuse('--local-ips', `${ofTcp} to come from`);
  if (detours.connectTo.length > 0) refuse('--connect-to', `${ofTcp} to connect to instead`);
  if (detours.resolve.length > 0) refuse('--resolve', `${ofTcp} to be found`);
  return problems;
}

const notStarted: Problem = {
  where: '--unix',
  message: 'a server that c1m starts is reached by its port',
  remedy: 'Leave it out (unix, in a scenario), or name the URL of a server that runs.',
};

/** Where several servers are measured, each has its own. @throws ConfigError */
export function refuseSharedSocket({ unix }: Pick<Scenario, 'unix'>): void {
  if (unix === null) return;
  const message = 'the scenario names one Unix socket, and several servers are measured';
  const remedy = 'Leave unix out of it; c1m gate takes URLs such as unix:/run/app.sock.';
  throw new ConfigError([{ where: 'unix', message, remedy }]);
}
