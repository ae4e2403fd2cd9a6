import { gibibytes } from '../measure/cgroup.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import type { Parked } from '../results/wakeup.js';
import { fitLine } from '../stats/linear-fit.js';
import type { BuiltTarget } from '../targets/build.js';
import { Program } from '../program/program.js';
import type { WakeupSettings } from './settings.js';

const lookEveryMillis = 50;
const unreadable = {
  reason: 'resident memory is read from /proc, which only Linux has',
  remedy: 'Measure it on Linux',
};

interface Point {
  readonly tasks: number;
  readonly rssBytes: number;
}

/** Yields what is known so far, after each count of tasks: in a fresh process, from the lowest up. */
export async function* measureParked(
  built: BuiltTarget,
  { parkedTasks, memoryLimit }: Pick<WakeupSettings, 'parkedTasks' | 'memoryLimit'>,
  cpus: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<Parked> {
  const points: Point[] = [];
  const skipped: Parked['skipped'] = [];
  for (const tasks of [...new Set(parkedTasks)].sort((a, b) => a - b)) {
    const watch = new MemoryWatch(memoryLimit);
    const expected = foretell(points, tasks);
    const fits = expected <= watch.allowedBytes;
    const rssBytes = fits ? await park(built, tasks, watch, cpus, signal) : 'too-large';
    if (rssBytes === 'too-large') skipped.push(tooLarge(tasks, expected, watch.allowedBytes));
    else if (rssBytes === null) skipped.push({ tasks, ...unreadable });
    else points.push({ tasks, rssBytes });
    yield { points: [...points], bytesPerTask: slopeOf(points), skipped: [...skipped] };
  }
}

/** The process's resident memory with so many parked tasks; null where it cannot be read. */
async function park(
  built: BuiltTarget,
  tasks: number,
  watch: MemoryWatch,
  cpus: readonly number[],
  signal: AbortSignal,
): Promise<number | 'too-large' | null> {
  const program = await Program.start(built, cpus);
  const full = new AbortController();
  const timer = setInterval(() => {
    if (full.signal.aborted || watch.look() === 'fine') return;
    full.abort();
    program.kill();
  }, lookEveryMillis);
  try {
    await program.ask({ name: 'park', operations: tasks }, signal);
    return full.signal.aborted ? 'too-large' : program.readRss();
  } catch (error) {
    if (full.signal.aborted && !signal.aborted) return 'too-large';
    throw error;
  } finally {
    clearInterval(timer);
    await program.end();
  }
}

/** In bytes: on the line through the last two points, or in proportion to one; 0 where nothing is known. */
function foretell(points: readonly Point[], tasks: number): number {
  const last = points.at(-1);
  if (last === undefined) return 0;
  const before = points.at(-2) ?? { tasks: 0, rssBytes: 0 };
  const slope = (last.rssBytes - before.rssBytes) / (last.tasks - before.tasks);
  return last.rssBytes + slope * (tasks - last.tasks);
}

function slopeOf(points: readonly Point[]): Parked['bytesPerTask'] {
  const fit = fitLine(points.map(({ tasks, rssBytes }) => ({ x: tasks, y: rssBytes })));
  if (fit === null) return null;
  return { slope: fit.slope, low: fit.slopeLow, high: fit.slopeHigh, r2: fit.r2 };
}

function tooLarge(tasks: number, expected: number, allowed: number): Parked['skipped'][number] {
  const reason =
    expected > allowed
      ? `would take about ${gibibytes(expected)}, and the limit is ${gibibytes(allowed)}`
      : `the limit of ${gibibytes(allowed)} of memory was reached before all were parked`;
  const remedy = 'Free memory, use a machine with more, or raise --memory-limit';
  return { tasks, reason, remedy };
}
