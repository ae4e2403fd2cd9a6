import type { BuiltTarget } from '../../targets/build.js';
import type { ArmPlan } from '../claim.js';
import { measureImage } from './image.js';
import { measureLoad } from './load.js';
import { measureProgram } from './program.js';
import type { ArmSetting, Length, Readings } from './setting.js';
import { measureStart } from './start.js';

/**
 * Measures an arm once, in a fresh process.
 * @throws TargetError where it fails, gives what cannot be trusted, or the signal aborts
 */
export function measureArm(
  plan: ArmPlan,
  built: BuiltTarget,
  index: number,
  length: Length,
  setting: ArmSetting,
): Promise<Readings> {
  switch (plan.kind) {
    case 'program':
      return measureProgram(built, plan, length, setting);
    case 'load':
      return measureLoad(built, plan, index, setting);
    case 'start':
      return measureStart(built, setting);
    case 'image':
      return measureImage(built);
  }
}

/** Roughly, for the time that is left; in seconds. */
export function secondsOf(plan: ArmPlan): number {
  switch (plan.kind) {
    case 'program':
      return 1;
    case 'load':
      return (
        1 +
        plan.scenario.phases.reduce((sum, { durationMicros }) => sum + (durationMicros ?? 1e6), 0) /
          1e6
      );
    case 'start':
      return 0.3;
    case 'image':
      return 0.1;
  }
}
