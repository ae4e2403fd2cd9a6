import { schedulingSources } from '../results/scheduling-source.js';

export const schedulingChoices = ['auto', ...schedulingSources, 'off'] as const;
export type SchedulingChoice = (typeof schedulingChoices)[number];
