import { measureBatches } from '../../program/batches.js';
import { Program, type Exchange } from '../../program/program.js';
import { median } from '../../stats/sample.js';
import type { BuiltTarget } from '../../targets/build.js';
import type { ArmSetting, Length, Readings } from './setting.js';

interface Asked {
  readonly command: string;
  readonly operations: number | null;
}

/**
 * Gives a fresh process one command again and again: medians over the batches that follow the warm-up,
 * each divided by its operations. It has one CPU, the last of the target's, as programs of `c1m wakeup`.
 */
export async function measureProgram(
  built: BuiltTarget,
  { command, operations }: Asked,
  length: Length,
  { split, signal }: ArmSetting,
): Promise<Readings> {
  const program = await Program.start(built, split.target.slice(-1));
  try {
    const { measured } = await measureBatches(
      (count) => program.ask({ name: 'own', word: command, operations: count }, signal),
      { ...length, ...(operations === null ? {} : { operations }) },
    );
    return readingsOf(measured);
  } finally {
    await program.end();
  }
}

function readingsOf(batches: readonly Exchange[]): Readings {
  const per = (total: (batch: Exchange) => number | null): number =>
    median(
      batches.flatMap((batch) => {
        const found = total(batch);
        return found === null ? [] : [found / batch.operations];
      }),
    );
  const names = Object.keys(batches[0]?.totals ?? {});
  const readings = {
    nsPerOperation: per(({ elapsedNs }) => elapsedNs),
    contextSwitchesPerOperation: per(({ contextSwitches: switches }) =>
      switches === null ? null : switches.voluntary + switches.involuntary,
    ),
    ...Object.fromEntries(
      names.map((name) => [`${name}PerOperation`, per(({ totals }) => totals[name] ?? null)]),
    ),
  };
  return Object.fromEntries(Object.entries(readings).filter(([, value]) => Number.isFinite(value)));
}
