import { chooseEngine } from '../../config/engine-choice.js';
import { defaultMemoryLimit } from '../../config/load-plan.js';
import type { Scenario } from '../../config/scenario.js';
import { describeTarget, runTargetTrial } from '../../experiment/target-trial.js';
import type { TrialObserver } from '../../experiment/trial.js';
import { errorsOf } from '../../figures/errors.js';
import { readTrial } from '../../figures/reading.js';
import { figures } from '../../figures/table.js';
import { isUsable } from '../../figures/usable.js';
import type { TrialResult } from '../../results/schema.js';
import type { RunningServer } from '../../subject/running-server.js';
import type { BuiltTarget } from '../../targets/build.js';
import { TargetError } from '../../targets/target-error.js';
import { uringSupport } from '../../uring/support.js';
import { Beside, isAlone, type BesidePlan } from './beside.js';
import type { ArmSetting, Readings } from './setting.js';

interface Asked extends BesidePlan {
  readonly name: string;
  readonly scenario: Scenario;
}

/** Loads a server in a fresh process, as a trial of `c1m compare` does. */
export async function measureLoad(
  built: BuiltTarget,
  asked: Asked,
  index: number,
  setting: ArmSetting,
): Promise<Readings> {
  const { name, scenario } = asked;
  const { name: engine } = chooseEngine(scenario, await uringSupport(), null);
  const connection = {
    ...{ engine, threads: null, connectRatePerSecond: null, localAddresses: null },
    memoryLimit: defaultMemoryLimit,
  };
  let beside = null as Beside | null;
  const start = async (server: RunningServer): Promise<() => Promise<void>> => {
    const started = await Beside.start(asked, server);
    beside = started;
    return () => started.close();
  };
  const { observer } = setting;
  const heard: TrialObserver = {
    ...observer,
    phase: (notice, running) => {
      observer.phase(notice, running);
      if (running && notice.index === notice.of - 1) beside?.begin();
    },
    closing: (connections) => {
      beside?.end();
      observer.closing?.(connections);
    },
  };
  const { result } = await runTargetTrial(
    built,
    describeTarget(built, setting.split),
    index,
    scenario,
    { sched: 'off', probe: false, ...(isAlone(asked) ? {} : { beside: start }) },
    { ...setting, connection, observer: heard },
  );
  refuseInvalid(name, result);
  refuseErrors(name, result);
  const last = result.phases.at(-1)!;
  const more = await beside?.readings(last.load.responsesInWindow);
  return { ...readingsOf(result), ...more };
}

/** A figure that cannot be trusted is none of a claim: the run has failed, and says why. */
function refuseInvalid(name: string, trial: TrialResult): void {
  if (isUsable(trial)) return;
  const [warning] = [...trial.warnings, ...trial.phases.flatMap(({ warnings }) => warnings)];
  throw new TargetError(
    'wrong-answer',
    `${name}: ${warning?.message ?? 'it was cut short'}`,
    warning === undefined ? undefined : `${warning.remedy}.`,
  );
}

/** A run with failures says nothing in a claim’s favour. */
function refuseErrors(name: string, { phases }: TrialResult): void {
  const kinds = phases.flatMap(({ load }) => Object.entries(errorsOf(load)));
  const failed = kinds.reduce((sum, [, count]) => sum + count, 0);
  if (failed === 0) return;
  const of = [...new Set(kinds.map(([kind]) => kind))].join(', ');
  throw new TargetError('wrong-answer', `${name}: ${failed} requests failed (${of})`);
}

/** What has a value and not only a bound. */
function readingsOf(trial: TrialResult): Readings {
  return Object.fromEntries(
    [...figures.values()].flatMap((figure) => {
      const reading = readTrial(figure, trial);
      const sound = reading !== null && reading.trust === 'valid' && reading.bound === 'exact';
      return sound && !reading.isSet ? [[figure.name, reading.value]] : [];
    }),
  );
}
