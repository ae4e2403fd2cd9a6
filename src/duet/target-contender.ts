import type { BuiltTarget } from '../targets/build.js';
import { howEnded } from '../process/guard.js';
import { launch } from '../targets/launch.js';
import { targetOrigin } from '../targets/origin.js';
import type { Contender } from './contender.js';

/** A target that has been built. */
export function targetContender(label: string, built: BuiltTarget): Contender {
  return {
    label,
    fresh: true,
    secure: false,
    start: async (cpus, signal) => {
      const running = await launch(built, { cpus, signal });
      let ended: string | null = null;
      void running.exited.then((exit) => (ended = howEnded(exit)));
      return {
        origin: targetOrigin(running.urls[0]!, built.target.manifest),
        pids: running.pids,
        startupMs: running.startupMs,
        ended: () => ended,
        stop: running.stop,
      };
    },
  };
}
