import { markVariable } from './mark.js';

/**
 * Ends all that carry the mark, daemons as well, until a look finds no process that was not killed
 * before: what has got SIGKILL forks no more. Bounded, should processes be born faster than that.
 */
const killBearers = [
  'PATH="/usr/bin:/bin:$PATH" before= round=0',
  'while [ $round -lt 50 ]; do',
  `found=$(grep -lsE "^Max file locks +$1 |${markVariable}=$1" /proc/[0-9]*/limits /proc/[0-9]*/environ)`,
  '[ "$found" = "$before" ] && break',
  'for file in $found; do file=${file#/proc/}; kill -KILL "${file%%/*}"; done',
  'before=$found round=$((round + 1))',
  'done',
].join('\n');

/**
 * What runs between c1m and the process that it starts; `$1` is the mark, then comes the command.
 *
 * No handler runs when c1m is killed with SIGKILL, so the kernel has to tell: c1m alone holds the
 * other end of descriptor 3, which closes with it, whatever ends it. A watcher waits for that and
 * kills all that carry the mark, and the group, itself included.
 *
 * - The process runs in a session and group of its own, which also keeps Ctrl-C from reaching it
 *   before c1m has measured.
 * - The traps are set before the watcher is forked and that before the exec, so there is no moment
 *   at which the process runs unwatched.
 * - The watcher is forked twice: init adopts it, so it is no descendant of the process and its
 *   memory is not counted as the process's. Nor does it hold the process's output open. It carries
 *   no mark, not even that of a c1m that this one runs under: that would end it too early.
 * - The line on descriptor 3 tells c1m that the exec comes now: a start is timed from there.
 * - After the execs the child's pid is the process's own.
 */
export const guardScript = [
  `mark() { ulimit -S -w "$1" || ulimit -S -x "$1"; } 2>/dev/null`,
  '( trap "" TERM INT HUP QUIT',
  '( exec </dev/null >/dev/null 2>&1; cd /; mark unlimited',
  `read -r _ <&3 || { ${killBearers}`,
  'kill -KILL 0; } ) & )',
  'mark "$1"',
  `export ${markVariable}="$1"`,
  'shift',
  'echo >&3; exec 3<&-',
  'exec "$@"',
].join('\n');
