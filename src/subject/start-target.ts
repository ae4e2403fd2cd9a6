import { readAllowedCpus } from '../measure/cpus.js';
import { howEnded } from '../process/guard.js';
import type { BuiltTarget } from '../targets/build.js';
import { launch, type LaunchOptions, type TargetExit } from '../targets/launch.js';
import { targetOrigin } from '../targets/origin.js';
import type { RunningServer } from './running-server.js';

/** Starts a target that has been built. Rejects with a TargetError. */
export async function startTarget(
  built: BuiltTarget,
  options: LaunchOptions,
): Promise<RunningServer> {
  const running = await launch(built, options);
  const exits: TargetExit[] = [];
  void running.exited.then((exit) => exits.push(exit));
  return {
    origins: running.urls.map((url) => targetOrigin(url, built.target.manifest)),
    pids: running.pids,
    owned: true,
    startupMs: running.startupMs,
    artifactBytes: built.artifactBytes,
    // Unbound, it has the CPUs of c1m, which could not be bound either.
    cpuCount: (running.cpus ?? readAllowedCpus()).length,
    cpus: running.cpus,
    probeUrls: running.probeUrls,
    ended: () => {
      const [first] = exits;
      return first === undefined ? null : { how: howEnded(first), said: running.output() };
    },
    stop: running.stop,
  };
}
