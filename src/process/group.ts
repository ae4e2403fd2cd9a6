import { readdir, readFile } from 'node:fs/promises';

import { isDeadState, statFields } from './stat-fields.js';

/** The members of a process group that live: not those that only wait to be reaped. Linux only. */
export async function livingMembers(group: number): Promise<number[]> {
  const names = await readdir('/proc');
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const living = await Promise.all(pids.map((pid) => livesIn(group, pid)));
  return pids.filter((_, index) => living[index]);
}

async function livesIn(group: number, pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return false;
  const [state, , memberOf] = statFields(stat);
  return Number(memberOf) === group && !isDeadState(state);
}
