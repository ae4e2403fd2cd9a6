import { findCeiling } from '../store/calibration.js';
import { Load } from '../load/load.js';
import type { Progress } from '../load/messages.js';
import { transportOf, unitOf, type LoadPlan, type Phase } from '../load/plan.js';
import { withCleanup } from '../basis/cleanup.js';
import { nowMicros } from '../basis/clock.js';
import { shardMissing } from '../figures/validity.js';
import { TcpTrouble } from '../measure/tcp-trouble.js';
import type { ExchangeUnit } from '../results/exchange-unit.js';
import type { PhaseResult, Warning } from '../results/figures.js';
import type { RunningServer } from '../subject/running-server.js';
import { Instruments, type Watching } from './instruments.js';
import { MemoryGuard } from './memory-guard.js';
import { observe } from './observation.js';
import type { Pulse } from './pulse.js';
import { TrialRecord, type Trial } from './trial-record.js';

export interface TrialObserver {
  /** The connections are being closed, which takes some seconds where they are many. */
  closing?(connections: number): void;
  /** Processes of a target that is run as several. */
  starting?(started: number, of: number): void;
  /** A phase's connections are being opened (`running` false) or its clock runs. */
  phase(phase: PhaseNotice, running: boolean): void;
  /** A few times a second. */
  progress(progress: Progress): void;
  /** Each second of a recorded phase, some milliseconds after its end. */
  pulse?(pulse: Pulse): void;
}

/** Which phase of a trial it is. */
export interface PhaseNotice {
  readonly name: string;
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** Null: until its requests are used up. */
  readonly seconds: number | null;
  /** Null: as many as fit. */
  readonly requests: number | null;
  readonly unit: ExchangeUnit;
  /** What the phases after it take, as far as it is known. */
  readonly secondsAfter: number;
}

/**
 * Runs the plan's phases once, in order. Aborting the signal ends it with what was measured.
 * @param spin every worker has a CPU to itself and may poll for due times instead of sleeping
 */
export async function runTrial(
  plan: LoadPlan,
  index: number,
  server: RunningServer,
  watching: Watching,
  spin: boolean,
  observer: TrialObserver,
  signal: AbortSignal,
): Promise<Trial> {
  const zero = nowMicros();
  const record = new TrialRecord(plan.requests);
  const instruments = new Instruments(server, watching, spin);
  const load = await Load.start(plan, spin, {
    progress: (progress) => observer.progress(progress),
    ...(observer.pulse === undefined
      ? {}
      : { second: (...told) => observer.pulse?.(instruments.pulses.read(...told)) }),
  });
  const stop = (): void => load.stop();
  let gone: Warning | null = null;
  await withCleanup(async (cleanup) => {
    cleanup.add(() => load.close());
    cleanup.add(() => observer.closing?.(record.established));
    cleanup.add(() => instruments.end());
    signal.addEventListener('abort', stop, { once: true });
    cleanup.add(() => signal.removeEventListener('abort', stop));
    const memory = new MemoryGuard(plan.memoryLimit, load);
    cleanup.add(() => memory.end());
    const observed = { load, plan, spin, ceiling: findCeiling(plan.engine, plan.threads) };
    const servers = { loaded: instruments.observed, beside: [] };
    const usesTcp = plan.origins.some((origin) => transportOf(origin) === 'tcp');
    await instruments.wake();
    for (const [number, phase] of plan.phases.entries()) {
      if (signal.aborted) break;
      const notice = phaseNotice(plan, number);
      observer.phase(notice, false);
      // Larger holds would only repeat the one that the limit ended.
      if (load.isHopeless && !isToldOf(phase, record.phases)) continue;
      if (memory.isFull && phase.arrival.kind === 'idle' && !memory.fits(phase)) continue;
      const trouble = usesTcp ? new TcpTrouble() : null;
      await load.prepare(number);
      if (load.stopped) break;
      observer.phase(notice, true);
      const companion = instruments.during(phase, load.threads);
      const seen = await observe(observed, number, servers, companion);
      if (seen === null) {
        gone = serverEnded(phase.name);
        break;
      }
      const told = await seen.told;
      if (told === null) continue;
      const { outcome } = seen;
      const [window] = seen.loaded;
      const noPort = outcome.connectErrors['no-local-port'] ?? 0;
      record.add(phase, {
        ...{ outcome, figures: seen.phase, startedAtSeconds: (seen.startsAt - zero) / 1e6 },
        server: window === undefined ? null : instruments.figures(window, outcome, told),
        ...{ scheduling: told.scheduling, traced: instruments.isCostly },
        warnings: [
          ...(record.phases.length === 0 ? coldStart(load.cold) : []),
          ...memory.note(phase, outcome),
          ...(trouble?.warnings(outcome.opened, noPort) ?? []),
          ...instruments.warnings(outcome),
        ],
        memory: phase.arrival.kind === 'idle' ? instruments.readMemory() : null,
      });
    }
  });
  const [missing] = load.missing;
  if (missing !== undefined && record.phases.length === 0) throw missing.failure;
  const outside = [shardMissing(load.missing), gone].filter((warning) => warning !== null);
  return record.finish(index, !signal.aborted && outside.length === 0, outside);
}

function coldStart(why: string | null): Warning[] {
  if (why === null) return [];
  return [
    {
      code: 'cold-start',
      message: `c1m could not warm up before the load (${why}), so its own compiling is in the first second`,
      remedy: 'Use --warmup, and see that this host has free ports: ss -s',
    },
  ];
}

function serverEnded(phase: string): Warning {
  return {
    code: 'server-ended',
    message: `The server’s process ended before the phase "${phase}", which was not measured, nor what follows it`,
    remedy: 'Look into the server’s log',
  };
}

/** Where nothing can be reached, one phase says so for all. */
function isToldOf({ record }: Phase, recorded: readonly PhaseResult[]): boolean {
  return record && recorded.length === 0;
}

function phaseNotice(plan: LoadPlan, index: number): PhaseNotice {
  const { phases } = plan;
  const { name, durationMicros, requests } = phases[index]!;
  const later = phases.slice(index + 1).map((phase) => phase.durationMicros ?? 0);
  return {
    name,
    index,
    of: phases.length,
    seconds: durationMicros === null ? null : durationMicros / 1e6,
    requests: requests === 'each' ? null : requests,
    unit: unitOf(plan),
    secondsAfter: later.reduce((sum, micros) => sum + micros, 0) / 1e6,
  };
}
