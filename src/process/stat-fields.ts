/**
 * The fields of /proc/PID/stat, or of a task's, from the third on: [0] is the state, [1] the parent's
 * pid, [2] the group, [3] the session, [19] the start (proc_pid_stat(5)). The name before them, in
 * parentheses, may itself hold blanks, newlines and parentheses; nothing after it does.
 */
export function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Ended, but not yet waited for, or about to vanish. */
export function isDeadState(state: string | undefined): boolean {
  return state === 'Z' || state === 'X';
}
