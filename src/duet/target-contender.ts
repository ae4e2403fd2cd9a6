import type { BuiltTarget } from '../targets/build.js';
import { launch } from '../targets/launch.js';
import type { Contender } from './contender.js';

/** A target that has been built. */
export function targetContender(label: string, built: BuiltTarget): Contender {
  return {
    label,
    fresh: true,
    start: async (cpus, signal) => {
      const running = await launch(built, { cpus, signal });
      let ended: string | null = null;
      void running.exited.then(({ code, signal: by }) => {
        ended = by === null ? `exit code ${code ?? 'unknown'}` : by;
      });
      const { hostname, port } = new URL(running.urls[0]!);
      return {
        origin: { protocol: 'http:', hostname, address: hostname, port: Number(port) },
        pids: running.pids,
        startupMs: running.startupMs,
        ended: () => ended,
        stop: running.stop,
      };
    },
  };
}
