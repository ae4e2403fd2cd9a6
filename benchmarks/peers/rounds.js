/** After so many failures in one table a client is not asked again. */
const mostFailures = 2;

/**
 * Runs all clients in each round, which begins with another client each time, so that none always
 * follows the same one. Per client, its runs by round (null where it failed) and its failures.
 */
export async function interleave(clients, rounds, run, tell) {
  const rows = clients.map((client) => ({ client, runs: Array(rounds).fill(null), failures: [] }));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < rows.length; turn++) {
      const row = rows[(turn + round) % rows.length];
      if (row.failures.length >= mostFailures) continue;
      try {
        row.runs[round] = await run(row.client);
      } catch (error) {
        row.failures.push(error.message);
      }
      tell(round, row.client, row.runs[round] ?? row.failures.at(-1));
    }
  }
  return rows;
}

/** Of one figure over the rounds; NaN where there is none. */
export function medianOf(row, figure) {
  return median(row.runs.filter((run) => run !== null).map((run) => run[figure]));
}

/** Of pairs of the same round; null where no round has both. */
export function ratioOf(row, base, figure) {
  const ratios = row.runs.flatMap((run, round) => {
    const other = base.runs[round];
    return run === null || other === null ? [] : [other[figure] / run[figure]];
  });
  if (ratios.length === 0) return null;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length / 2) - 1] + sorted[Math.floor(sorted.length / 2)]) / 2;
}
