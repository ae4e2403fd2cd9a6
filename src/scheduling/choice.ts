/** What can watch a server's scheduling, the most telling first. */
export const schedulingSources = ['ebpf', 'perf', 'proc'] as const;
export type SchedulingSource = (typeof schedulingSources)[number];

export const schedulingChoices = ['auto', ...schedulingSources, 'off'] as const;
export type SchedulingChoice = (typeof schedulingChoices)[number];
