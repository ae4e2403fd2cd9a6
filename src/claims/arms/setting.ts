import type { TrialSetting } from '../../experiment/target-trial.js';

/** Figures by name, in their units; each is of one fresh process. */
export type Readings = Readonly<Record<string, number>>;

/** What all arms of a command have in common. */
export type ArmSetting = Omit<TrialSetting, 'connection'>;

/** What a program's measurement is as long as. */
export interface Length {
  readonly batches: number;
  readonly batchMillis: number;
}
