import type { Origin } from '../load/plan.js';
import { attach } from '../subject/attach.js';
import type { RunningServer } from '../subject/running-server.js';
import { startCommand } from '../subject/start-command.js';
import { startTarget } from '../subject/start-target.js';
import type { CommandSubject } from '../subject/subject.js';
import type { BuiltTarget } from '../targets/build.js';
import { keptCommand } from '../config/secrets.js';

/** One of the two builds that are measured against each other: a subject that is ready to start. */
export interface Contender {
  /** As reports name it: a git ref, a command, a folder, a URL. */
  readonly label: string;
  /** Whether each start gives a fresh process, which is what makes a pair independent of the last. */
  readonly fresh: boolean;
  /** Reached over TLS. */
  readonly secure: boolean;
  /** Starts a process of it, and resolves when it answers. Rejects with a TargetError. */
  start(cpus: readonly number[], signal: AbortSignal): Promise<RunningServer>;
}

/** A target that has been built. */
export function targetContender(label: string, built: BuiltTarget): Contender {
  const start: Contender['start'] = (cpus, signal) => startTarget(built, { cpus, signal });
  return { label, fresh: true, secure: false, start };
}

export function commandContender(subject: CommandSubject): Contender {
  const start: Contender['start'] = (cpus, signal) => startCommand(subject, cpus, signal);
  return { label: keptCommand(subject.command), fresh: true, secure: false, start };
}

/** A server that is running already: it has no start-up time, and no fresh process for each pair. */
export function urlContender(label: string, origin: Origin): Contender {
  const start: Contender['start'] = () => Promise.resolve(attach([origin], null));
  return { label, fresh: false, secure: origin.protocol === 'https:', start };
}
