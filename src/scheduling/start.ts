import type { Warning } from '../results/figures.js';
import { schedulingSources, type SchedulingSource } from '../results/scheduling-source.js';
import type { SchedulingChoice } from './choice.js';
import { InstrumentError, type SchedulingInstrument } from './instrument.js';
import { obstacleTo, socketInstrument, type Obstacle } from './obstacles.js';
import { PerfSched } from './perf-sched.js';
import { Tracer } from './tracer.js';

/** The server to watch. */
interface Watched {
  readonly pids: readonly number[];
  readonly ports: readonly number[];
  /** As many as will be open at once. */
  readonly connections: number;
}

export interface Watch {
  readonly instrument: SchedulingInstrument | 'proc' | null;
  /** Why not what was asked for, and what cannot be seen therefore. */
  readonly warnings: readonly Warning[];
  /** Leaves nothing behind; may be called again. */
  close(): Promise<void>;
}

const blindness: Record<SchedulingSource, string> = {
  ebpf: 'everything can be seen',
  perf: 'waits of threads for a CPU can be seen, but no delay of a request',
  proc: 'waits for a CPU can be seen in all, but neither single ones nor the delay of a request',
};

/** Starts the best instrument that works here and is no better than what was asked for. */
export async function startScheduling(
  choice: SchedulingChoice,
  watched: Watched,
  signal: AbortSignal,
): Promise<Watch> {
  if (choice === 'off') return watchBy(null, []);
  const from = choice === 'auto' ? 0 : schedulingSources.indexOf(choice);
  const obstacles: Obstacle[] = [];
  for (const source of schedulingSources.slice(from)) {
    const started = await tryToStart(source, watched, signal);
    if ('reason' in started) {
      obstacles.push(started);
      continue;
    }
    const warnings = obstacles.length === 0 ? [] : [fallback(source, obstacles)];
    return watchBy(started.instrument, warnings);
  }
  const [first] = obstacles;
  const message = `Scheduling cannot be watched: ${first!.reason}`;
  return watchBy(null, [{ code: 'scheduling-unwatched', message, remedy: first!.remedy }]);
}

function watchBy(instrument: Watch['instrument'], warnings: readonly Warning[]): Watch {
  return {
    instrument,
    warnings,
    close: async () => {
      if (instrument !== 'proc') await instrument?.close();
    },
  };
}

async function tryToStart(
  source: SchedulingSource,
  watched: Watched,
  signal: AbortSignal,
): Promise<Obstacle | { readonly instrument: SchedulingInstrument | 'proc' }> {
  const obstacle = obstacleTo(source);
  if (obstacle !== null) return obstacle;
  try {
    switch (source) {
      case 'ebpf': {
        const { ports, connections } = watched;
        return { instrument: await Tracer.start(ports, connections, socketInstrument(), signal) };
      }
      case 'perf':
        return { instrument: await PerfSched.start(watched.pids) };
      case 'proc':
        return { instrument: 'proc' };
    }
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    return { reason: error.message, remedy: 'Look at what it says, or use --sched proc' };
  }
}

function fallback(source: SchedulingSource, obstacles: readonly Obstacle[]): Warning {
  const [{ reason, remedy } = { reason: '', remedy: '' }] = obstacles;
  return {
    code: 'scheduling-fallback',
    message: `Scheduling was watched by ${source}, where ${blindness[source]}: ${reason}`,
    remedy,
  };
}
