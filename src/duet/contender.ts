import type { Origin } from '../load/plan.js';
import { resolveOrigins } from '../load/resolve.js';
import { attach } from '../subject/attach.js';
import type { RunningServer } from '../subject/running-server.js';
import { startCommand } from '../subject/start-command.js';
import { startTarget } from '../subject/start-target.js';
import type { ServerSubject } from '../subject/subject.js';
import { buildTarget } from '../targets/build.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';

/** One of the two that are measured against each other: a subject that is ready to be started. */
export interface Contender {
  /** As reports name it: a git ref, a command, a folder, a URL. */
  readonly label: string;
  /** Whether each start gives a fresh process, which is what makes a pair independent of the last. */
  readonly fresh: boolean;
  /** Reached over TLS. */
  readonly secure: boolean;
  /** Of a URL: whether it is of a WebSocket; empty of what is started. */
  readonly origins: readonly Pick<Origin, 'webSocket'>[];
  /** Starts a process of it, and resolves when it answers. Rejects with a TargetError. */
  start(cpus: readonly number[], signal: AbortSignal): Promise<RunningServer>;
}

/** Builds, or looks up, what has to be. Rejects with a TargetError. */
export async function contenderOf(subject: ServerSubject, signal: AbortSignal): Promise<Contender> {
  switch (subject.kind) {
    case 'target': {
      const { target, name } = subject;
      const toolchain = await new Toolchains().find(target.manifest.runtime);
      if (!toolchain.found) {
        throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
      }
      const built = await buildTarget(target, { toolchain, signal });
      const start: Contender['start'] = (cpus, stop) => startTarget(built, { cpus, signal: stop });
      return { label: name, fresh: true, secure: false, origins: [], start };
    }
    case 'command': {
      const start: Contender['start'] = (cpus, stop) => startCommand(subject, cpus, stop);
      return { label: subject.name, fresh: true, secure: false, origins: [], start };
    }
    case 'urls': {
      // Both sides have one origin each, so of several addresses the first.
      const [origin] = await resolveOrigins(subject.urls[0]!.origin);
      const start: Contender['start'] = () => Promise.resolve(attach([origin!], subject.pid));
      const secure = origin!.protocol === 'https:';
      return { label: subject.name, fresh: false, secure, origins: [origin!], start };
    }
  }
}
