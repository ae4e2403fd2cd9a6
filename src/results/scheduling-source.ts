/**
 * What can watch a server's scheduling, the most telling first. Apart from the schema: `c1m --help`
 * names them, and loads no schemas for that.
 */
export const schedulingSources = ['ebpf', 'perf', 'proc'] as const;
export type SchedulingSource = (typeof schedulingSources)[number];
