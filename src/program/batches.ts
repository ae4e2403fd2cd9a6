import type { Exchange } from './program.js';

/** Batches of one kind of operation that follow the warm-up. */
export interface Batches {
  readonly warmUpBatches: number;
  /** Whether batches had stopped getting faster before the first that counts. */
  readonly steady: boolean;
  readonly measured: readonly Exchange[];
}

interface BatchPlan {
  /** That count, after the warm-up. */
  readonly batches: number;
  /** A batch gets as many operations as take so long, unless their number is given. */
  readonly batchMillis: number;
  readonly operations?: number;
}

type Ask = (operations: number) => Promise<Exchange>;

const firstOperations = 1_000;
const mostOperations = 20_000_000;
const fewestWarmUps = 5;
const mostWarmUps = 20;
/** A batch is faster than those before only by more than this share. */
const faster = 0.05;

/**
 * Warms up until batches no longer get faster (two in a row that are no more than 5 % faster than the
 * fastest before; noise makes a batch slower, a compiler makes it faster), then measures.
 */
export async function measureBatches(ask: Ask, plan: BatchPlan): Promise<Batches> {
  let warmUpBatches = 0;
  let operations = plan.operations ?? firstOperations;
  const resize = async (): Promise<void> => {
    if (plan.operations !== undefined) return;
    const found = await findOperations(ask, operations, plan.batchMillis * 1e6);
    operations = found.operations;
    warmUpBatches += found.batches;
  };
  await resize();
  const warm = await warmUp(() => ask(operations));
  warmUpBatches += warm.batches;
  // What a compiler has made ten times as fast has room for ten times as many.
  await resize();
  const measured: Exchange[] = [];
  while (measured.length < plan.batches) measured.push(await ask(operations));
  return { warmUpBatches, steady: warm.steady, measured };
}

/** How many operations take so long at the least: an even number, found in growing batches. */
async function findOperations(
  ask: Ask,
  from: number,
  aimNs: number,
): Promise<{ operations: number; batches: number }> {
  let operations = from;
  for (let batches = 1; ; batches++) {
    const { elapsedNs } = await ask(operations);
    if (elapsedNs >= aimNs || operations >= mostOperations) return { operations, batches };
    // A first batch is mostly start-up, so what it foretells is believed up to tenfold only.
    const growth = Math.min(10, Math.max(2, aimNs / Math.max(1, elapsedNs)));
    operations = Math.min(mostOperations, 2 * Math.ceil((operations * growth) / 2));
  }
}

async function warmUp(ask: () => Promise<Exchange>): Promise<{ batches: number; steady: boolean }> {
  let fastest = Infinity;
  let steadyInARow = 0;
  for (let batches = 1; batches <= mostWarmUps; batches++) {
    const { elapsedNs } = await ask();
    steadyInARow = elapsedNs < fastest * (1 - faster) ? 0 : steadyInARow + 1;
    fastest = Math.min(fastest, elapsedNs);
    if (batches >= fewestWarmUps && steadyInARow >= 2) {
      return { batches, steady: true };
    }
  }
  return { batches: mostWarmUps, steady: false };
}
