// How often the gate is right, over simulated pairs whose truth is known: Markdown on standard output.
// Run: npm run build && node benchmarks/gate/simulate.js [GATES] [SEED]
import { decide } from '../../dist/gate/decision.js';
import { metrics, metricsOf } from '../../dist/gate/metric.js';
import { defaultPairsPerSet, firstSetLevel } from '../../dist/gate/plan.js';
import { Random } from '../../dist/basis/random.js';
import { ratioInterval } from '../../dist/stats/ratio-interval.js';
import { sequentialSignedRank } from '../../dist/stats/sequential-signed-rank.js';
import { atTheLimit, everything, measuredFor, noises, pairSource, slower } from './noise.js';
import { firstSetOnly, gate, plainT, sequentialT } from './rules.js';

const wholeGateCount = Number(process.argv[2] ?? 3000);
/** A gate over one metric is quickly simulated; a budget for hundreds of pairs is not. */
const oneMetricCount = 4 * wholeGateCount;
const budgetCount = Math.ceil(wholeGateCount / 6);
const seed = Number(process.argv[3] ?? 20261124);

const planFor = (names, pairsPerSet = defaultPairsPerSet) => ({
  allowed: new Map(names.map((name) => [name, metrics[name].allowed])),
  detect: new Map(names.map((name) => [name, twice(metrics[name].allowed)])),
  pairsPerSet,
});
const twice = ({ share, floor }) => ({ share: 2 * share, floor: 2 * floor });
/** Performance counters are often not to be had, and would make it too easy. */
const whole = planFor(
  metricsOf({ streams: false }).filter((name) => name !== 'instructionsPerRequest'),
);
const cpuOnly = planFor(['cpuUsPerRequest']);

const kinds = ['pass', 'weak pass', 'improvement', 'regression', 'inconclusive'];
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (cells) => (row(cells), row(cells.map(() => '---')));

/** Every metric worse by as much as is to be detected: the least that must not pass. */
const toDetect = ({ detect }) => atTheLimit({ allowed: detect });

function simulate(gates, plan, noise, changes, rule) {
  const random = new Random(seed);
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  const lengths = [];
  for (let index = 0; index < gates; index++) {
    const next = pairSource(random, noise, changes);
    const pairs = [];
    let answer = everything(plan);
    while (typeof answer !== 'string') {
      pairs.push(measuredFor(answer, next()));
      answer = rule(plan, pairs);
    }
    counts[answer]++;
    lengths.push(pairs.length);
  }
  lengths.sort((a, b) => a - b);
  const quantile = (share) => lengths[Math.floor((gates - 1) * share)];
  const shares = kinds.map((kind) => percent(counts[kind] / gates));
  return [...shares, quantile(0.5), quantile(0.9)];
}

function wholeGates() {
  console.log(`\n## Whole gates: ${whole.allowed.size} metrics, two sets\n`);
  head(['true change', 'noise', ...kinds, 'pairs, median', 'pairs, 90 %']);
  const slowdowns = [0.02, 0.03, 0.04, 0.05, 0.07, 0.1];
  const scenarios = [
    ['none', {}, Object.keys(noises)],
    ...slowdowns.map((share) => [
      `${Math.round(share * 100)} % more time per request`,
      slower(share),
      share === 0.05 || share === 0.1 ? Object.keys(noises) : ['normal', 'wild 8 %', 'a framework'],
    ]),
    ['10 % less time per request', slower(-0.1), ['normal', 'wild 8 %']],
    ['CPU alone + 5 %', { cpuUsPerRequest: 1.05 }, ['normal', 'wild 8 %']],
    ['CPU alone + 10 %', { cpuUsPerRequest: 1.1 }, ['normal', 'wild 8 %']],
    ['p99 alone + 15 %', { p99: 1.15 }, ['normal', 'wild 8 %']],
    ['p99 alone + 25 %', { p99: 1.25 }, ['normal', 'wild 8 %']],
    ['memory per connection alone + 10 %', { bytesPerConnection: 1.1 }, ['normal', 'wild 8 %']],
    ['start-up alone + 15 %', { startup: 1.15 }, ['normal', 'wild 8 %']],
    ['start-up alone + 30 %, 3 ms', { startup: 1.3 }, ['starts in 10 ms']],
    ['start-up alone + 100 %, 10 ms', { startup: 2 }, ['starts in 10 ms']],
    ['each metric worse by what must not hide', toDetect(whole), ['normal', 'a framework']],
    ['each metric as much as is allowed', atTheLimit(whole), Object.keys(noises)],
  ];
  for (const [label, changes, names] of scenarios) {
    for (const name of names)
      row([label, name, ...simulate(wholeGateCount, whole, noises[name], changes, gate)]);
  }
}

function rulesCompared() {
  console.log('\n## Rules compared, over CPU per request alone\n');
  head(['true change', 'noise', 'rule', ...kinds, 'pairs, median', 'pairs, 90 %']);
  const rules = {
    'the gate': gate,
    'its first set alone': firstSetOnly,
    'the same looks, Student’s t': sequentialT,
    'plain t after each pair': plainT,
  };
  const changes = {
    none: {},
    'as is allowed': atTheLimit(cpuOnly),
    '5 % worse': { cpuUsPerRequest: 1.05 },
  };
  for (const [label, change] of Object.entries(changes)) {
    for (const name of ['normal', 'wild 8 %', 'wild 15 %']) {
      for (const [rule, by] of Object.entries(rules)) {
        row([label, name, rule, ...simulate(oneMetricCount, cpuOnly, noises[name], change, by)]);
      }
    }
  }
}

/** How often the interval, looked at after each pair, ever leaves the truth out on either side. */
function coverage() {
  console.log(
    '\n## The interval: how often any of its looks leaves out the truth (5 % is promised)\n',
  );
  head(['noise', 'ever out', `at the last of ${defaultPairsPerSet} pairs`]);
  const bounds = sequentialSignedRank(firstSetLevel, defaultPairsPerSet);
  for (const [name, noise] of Object.entries(noises)) {
    const random = new Random(seed);
    let ever = 0;
    let last = 0;
    for (let index = 0; index < oneMetricCount; index++) {
      const next = pairSource(random, noise, {});
      const ratios = [];
      let out = false;
      let outNow = false;
      while (ratios.length < defaultPairsPerSet) {
        ratios.push(next().ratios.cpuUsPerRequest);
        const { low, high } = ratioInterval(ratios, bounds[ratios.length]);
        outNow = low > 1 || high < 1;
        out ||= outNow;
      }
      if (out) ever++;
      if (outNow) last++;
    }
    row([name, percent(ever / oneMetricCount), percent(last / oneMetricCount)]);
  }
}

/** Inconclusive gates are run anew, on fresh pairs, with the budget that they asked for. */
function neededBudgets() {
  console.log('\n## The budget that an inconclusive gate asks for, over CPU per request alone\n');
  head([
    'true change',
    'noise',
    'inconclusive',
    'ask for a budget',
    'pairs per set, median',
    'then decided',
  ]);
  for (const [cpuUsPerRequest, name] of [
    [1.02, 'normal'],
    [1.04, 'normal'],
    [1.04, 'wild 8 %'],
    [1.025, 'normal'],
  ]) {
    const random = new Random(seed);
    const asked = [];
    let inconclusive = 0;
    let decided = 0;
    for (let index = 0; index < budgetCount; index++) {
      const result = runOnce(cpuOnly, pairSource(random, noises[name], { cpuUsPerRequest }));
      if (result.verdict !== 'inconclusive') continue;
      inconclusive++;
      const { needed } = result.metrics[0];
      if (needed === null) continue;
      asked.push(needed.pairsPerSet);
      const again = runOnce(
        planFor(['cpuUsPerRequest'], needed.pairsPerSet),
        pairSource(random, noises[name], { cpuUsPerRequest }),
      );
      if (again.verdict !== 'inconclusive') decided++;
    }
    asked.sort((a, b) => a - b);
    row([
      `${((cpuUsPerRequest - 1) * 100).toFixed(1)} %`,
      name,
      percent(inconclusive / budgetCount),
      percent(asked.length / inconclusive),
      asked[asked.length >> 1] ?? '-',
      percent(decided / asked.length),
    ]);
  }
}

function runOnce(plan, next) {
  const pairs = [];
  for (;;) {
    pairs.push(next());
    const decision = decide(plan, pairs, { spent: false, secondsPerPair: 8 });
    if (decision.kind === 'decided') return decision.gate;
  }
}

console.log('# The gate’s rule, simulated\n');
const margin = (share, count) =>
  `${(share * 100).toFixed(0)} % to ± ${(196 * Math.sqrt((share * (1 - share)) / count)).toFixed(1)} %`;
console.log(
  `\`node benchmarks/gate/simulate.js ${wholeGateCount} ${seed}\`. Up to ${defaultPairsPerSet} pairs per set. ` +
    `A line is ${wholeGateCount} whole gates (a share of ${margin(0.01, wholeGateCount)}, of ` +
    `${margin(0.5, wholeGateCount)}), ${oneMetricCount} of one metric ` +
    `(${margin(0.01, oneMetricCount)}), or ${budgetCount} for a budget. The noises are those of ` +
    'noise.js: the load’s metrics have the standard deviations that were measured, memory and ' +
    'start-up assumed ones. *Wild*: so many pairs have five times the deviation. *Memory*: the ' +
    'correlation of neighbouring pairs. *Trend*: the ratio drifts over the first 20 pairs. *Skewed*: ' +
    'exponential. *First coarse*: the first pair, which has fewer slices, has twice the deviation. ' +
    '*A framework*: processes of one build differ as those of services do. *Starts in ' +
    '10 ms*: there the floors of 5 ms and 1 MB are more than the shares. A weak pass is one without ' +
    'proof of every metric, by a change to detect of twice what is allowed.',
);
wholeGates();
rulesCompared();
coverage();
neededBudgets();
