/** Of the time in which requests arrive: until all connections are there, and when some have ended. */
const leadingShare = 0.3;
const trailingShare = 0.1;

/**
 * The rate and the CPU use of the server while the load is steady. Clients begin to
 * count at different moments, some before their connections are open; the server sees all alike.
 */
export function steadyStretch(samples) {
  const last = samples.findLastIndex(
    (sample, i) => i > 0 && sample.requests > samples[i - 1].requests,
  );
  const first = samples.findIndex(({ requests }) => requests > 0);
  if (first === -1 || last - first < 5) throw new Error('too short to tell its rate');
  const length = samples[last].atMs - samples[first].atMs;
  const from = samples.find(({ atMs }) => atMs >= samples[first].atMs + leadingShare * length);
  const to = samples.findLast(({ atMs }) => atMs <= samples[last].atMs - trailingShare * length);
  const seconds = (to.atMs - from.atMs) / 1000;
  return {
    requestsPerSecond: (to.requests - from.requests) / seconds,
    serverBusy: (to.cpuMicros - from.cpuMicros) / 1e6 / seconds,
    connections: Math.max(...samples.map(({ connections }) => connections)),
    requests: to.requests - from.requests,
    fromMs: from.atMs,
    toMs: to.atMs,
  };
}
