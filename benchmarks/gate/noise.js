import { skippedBy, stagesFor } from '../../dist/duet/stages.js';
import { metricNames } from '../../dist/gate/metric.js';

/**
 * Standard deviations of log(head/base) per pair of one build against itself. Load metrics: measured
 * with the duet at 8 s a pair. Memory, start-up and instructions: assumed.
 */
const measured = {
  ...{
    requestsPerSecond: 0.015,
    cpuUsPerRequest: 0.015,
    instructionsPerRequest: 0.003,
    p50: 0.013,
    p99: 0.044,
  },
  ...{ rssIdle: 0.01, rssPeak: 0.015, bytesPerConnection: 0.01, startup: 0.03 },
  errors: 0.0002,
};

/** The share of a metric's variance that it has in common with the others of its group. */
const groups = {
  load: {
    requestsPerSecond: 0.7,
    cpuUsPerRequest: 0.7,
    instructionsPerRequest: 0.3,
    p50: 0.7,
    p99: 0.3,
  },
  memory: { rssIdle: 0.5, rssPeak: 0.5, bytesPerConnection: 0.3 },
  start: { startup: 0 },
  answers: { errors: 0 },
};

/** Base's own figures, in the metrics' units, which a floor is a share of: a small server of Node's. */
const small = {
  ...{ requestsPerSecond: 30_000, cpuUsPerRequest: 30, instructionsPerRequest: 100_000 },
  ...{ p50: 300, p99: 1_500, rssIdle: 50e6, rssPeak: 70e6, bytesPerConnection: 9_000 },
  ...{ startup: 150_000, errors: 1 },
};

const steady = { wildShare: 0, wildFactor: 5, memory: 0, trend: 0, skew: false, first: 1 };
const quiet = { sd: measured, levels: small, ...steady };
const noisier = { ...measured, requestsPerSecond: 0.019, p99: 0.044, startup: 0.04 };
/** As on services with frameworks and many dependencies: processes of one build differ by this. */
const framework = {
  ...{ requestsPerSecond: 0.035, cpuUsPerRequest: 0.03, instructionsPerRequest: 0.01 },
  ...{ p50: 0.03, p99: 0.08, rssIdle: 0.02, rssPeak: 0.04, bytesPerConnection: 0.06 },
  ...{ startup: 0.05, errors: 0.0002 },
};
/** A program in Go: 12 MB, and a start of 10 ms that swings by a tenth. */
const brief = { ...small, rssIdle: 12e6, rssPeak: 30e6, startup: 10_000 };

/**
 * `wildShare` of the pairs, whole groups at a time, have `wildFactor` times the deviation; `memory`
 * correlates each pair with the one before; `trend` is what the log ratio drifts by from the first
 * pair to the 20th, in standard deviations, and stays at; `skew` makes the noise one-sided;
 * `first` is how many times the others' deviation the first pair has.
 */
export const noises = {
  normal: quiet,
  noisier: { ...quiet, sd: noisier },
  'wild 8 %': { ...quiet, wildShare: 0.08 },
  'wild 15 %': { ...quiet, wildShare: 0.15 },
  'memory 0.3': { ...quiet, memory: 0.3 },
  'trend 1 sd': { ...quiet, trend: 1 },
  skewed: { ...quiet, skew: true },
  'first coarse': { ...quiet, first: 2 },
  'a framework': { ...quiet, sd: framework },
  'starts in 10 ms': { ...quiet, sd: { ...measured, startup: 0.1, rssIdle: 0.03 }, levels: brief },
};

/** @returns the next pair of a gate, on each call; `changes` are true ratios head/base. */
export function pairSource(random, noise, changes) {
  const states = new Map();
  let index = 0;
  return () => {
    const ratios = {};
    for (const [group, shares] of Object.entries(groups)) {
      const wild = random.next() < noise.wildShare ? noise.wildFactor : 1;
      const factor = index === 0 ? wild * noise.first : wild;
      const common = draw(random, noise, states, group);
      for (const [metric, share] of Object.entries(shares)) {
        const own = draw(random, noise, states, metric);
        const z = Math.sqrt(share) * common + Math.sqrt(1 - share) * own;
        // All load noise makes things worse together, and what is worse for throughput is less.
        const sign = metric === 'requestsPerSecond' ? -1 : 1;
        const drift = noise.trend * (Math.min(index, 20) / 20 - 0.5);
        const log = sign * noise.sd[metric] * (factor * z + drift);
        ratios[metric] = (changes[metric] ?? 1) * Math.exp(log);
      }
    }
    index++;
    return { valid: true, ratios, base: noise.levels };
  };
}

/** What a gate's first pair is for. */
export function everything({ allowed }) {
  return { set: 'first', wanted: [...allowed.keys()] };
}

/** A pair as the gate measures it, without the stages that what it is for does not need. */
export function measuredFor(purpose, pair) {
  return { ...pair, skipped: skippedBy(stagesFor(purpose)) };
}

/** Of the exponential distribution: the median of the mean of two, which is what is estimated. */
const pseudoMedian = 0.839173;

function draw(random, { memory, skew }, states, key) {
  const fresh = skew ? -Math.log(1 - random.next()) - pseudoMedian : normal(random);
  const before = states.get(key);
  const value = before === undefined ? fresh : memory * before + Math.sqrt(1 - memory ** 2) * fresh;
  states.set(key, value);
  return value;
}

/** Box and Muller, 1958. */
function normal(random) {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** A server that spends `share` more time on each request: every metric of the load moves. */
export function slower(share) {
  const ratio = 1 + share;
  return {
    ...{ requestsPerSecond: 1 / ratio, cpuUsPerRequest: ratio, instructionsPerRequest: ratio },
    ...{ p50: ratio, p99: ratio },
  };
}

/** Every metric just as much worse as is allowed: the most that must not be called a regression. */
export function atTheLimit(plan) {
  return Object.fromEntries(
    metricNames
      .filter((metric) => plan.allowed.has(metric))
      .map((metric) => {
        const allowed = plan.allowed.get(metric).share;
        return [metric, metric === 'requestsPerSecond' ? 1 - allowed : 1 + allowed];
      }),
  );
}
