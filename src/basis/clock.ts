/**
 * Microseconds of the monotonic clock (CLOCK_MONOTONIC, clock_gettime(2)), equal in all threads of
 * the process. `performance.now()` neither allocates nor rounds but counts from each thread's own
 * start, so its offset to the shared clock is taken once, as the closest of several readings.
 */
export function nowMicros(): number {
  return performance.now() * 1000 + offsetMicros;
}

const offsetMicros = measureOffset();

function measureOffset(): number {
  let best = 0;
  let narrowest = Infinity;
  for (let i = 0; i < 16; i++) {
    const before = performance.now() * 1000;
    const shared = Number(process.hrtime.bigint()) / 1000;
    const after = performance.now() * 1000;
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    best = shared - (before + after) / 2;
  }
  return best;
}
