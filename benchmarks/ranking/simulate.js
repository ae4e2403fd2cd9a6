// How often ranks are false, and what they find, over columns whose truth is known: Markdown on
// standard output. Run: npm run build && node benchmarks/ranking/simulate.js [COLUMNS] [SEED]
import { Random } from '../../dist/basis/random.js';
import { drawColumn, noises } from './noise.js';
import { borrowing, ownVariance, twoDegrees } from './rules.js';

const columns = Number(process.argv[2] ?? 2000);
const seed = Number(process.argv[3] ?? 20261126);
const trialCounts = [2, 3, 5];
const rules = { 'own variance': ownVariance, 'two degrees': twoDegrees, 'c1m’s': borrowing };

/** Requests/s of the nine reference servers, where two are equal. */
const measured = [169251, 139561, 131510, 111435, 94560, 94560, 87392, 38447, 25232];
const equal = (count) => Array.from({ length: count }, () => 1);
/** All but the noisy one and its neighbour are told apart, so that Holm corrects for no other pair. */
const twoEqual = (count) =>
  Array.from({ length: count }, (_, place) =>
    place === 1 || place === 2 ? 1 : 1000 ** (place + 1),
  );

const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const head = (cells) => (row(cells), row(cells.map(() => '---')));
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const whole = (share) => `${(share * 100).toFixed(0)} %`;
/** One figure per number of trials. */
const cell = (figures, format) => figures.map(format).join(' / ');

/** Of the true figures: whether the first is really better. */
const isFalse = ({ better, worse }, truths) => truths[better.label] <= truths[worse.label];

function falseRanks(rule, noise, truths, trials, read = (targets) => targets, resolution = 0) {
  const random = new Random(seed);
  let wrong = 0;
  for (let column = 0; column < columns; column++) {
    const found = rule(read(drawColumn(random, noise, truths, trials)), resolution);
    if (found.some((each) => isFalse(each, truths))) wrong++;
  }
  return wrong / columns;
}

/** The share of the pairs found whose figures differ by over 25 %, and by 5 to 25 %. */
function found(rule, noise, trials) {
  const random = new Random(seed);
  const [far, near] = [
    { pairs: 0, found: 0 },
    { pairs: 0, found: 0 },
  ];
  const rangeOf = (a, b) => {
    const ratio = Math.max(a / b, b / a);
    return ratio > 1.25 ? far : ratio > 1.05 ? near : null;
  };
  for (let column = 0; column < columns; column++) {
    measured.forEach((a, place) => {
      for (const b of measured.slice(place + 1)) {
        const range = rangeOf(a, b);
        if (range !== null) range.pairs++;
      }
    });
    for (const each of rule(drawColumn(random, noise, measured, trials), 0)) {
      const range = rangeOf(measured[each.better.label], measured[each.worse.label]);
      if (range !== null && !isFalse(each, measured)) range.found++;
    }
  }
  return [far.found / far.pairs, near.found / near.pairs];
}

function nineTargets() {
  console.log('\n## Nine targets\n');
  head([
    'noise between trials',
    'rule',
    'any false rank, all equal',
    'any false rank, two equal',
    'finds > 25 %',
    'finds 5–25 %',
  ]);
  for (const [name, noise] of Object.entries(noises)) {
    for (const [label, rule] of Object.entries(rules)) {
      const power = trialCounts.map((trials) => found(rule, noise, trials));
      row([
        name,
        label,
        ...[equal(9), twoEqual(9)].map((truths) =>
          cell(
            trialCounts.map((trials) => falseRanks(rule, noise, truths, trials)),
            percent,
          ),
        ),
        cell(
          power.map(([far]) => far),
          whole,
        ),
        cell(
          power.map(([, near]) => near),
          whole,
        ),
      ]);
    }
  }
}

function fewerTargets() {
  console.log('\n## Fewer targets, all equal: any false rank\n');
  const names = ['all 3 %', 'one of 15 %, the others of 1.5 %'];
  head(['targets', 'rule', ...names]);
  for (const count of [2, 3, 5]) {
    for (const [label, rule] of Object.entries(rules)) {
      const shares = names.map((name) =>
        cell(
          trialCounts.map((trials) => falseRanks(rule, noises[name], equal(count), trials)),
          percent,
        ),
      );
      row([count, label, ...shares]);
    }
  }
}

/** As a histogram reads them: a median of 75.3 µs is 75 µs. */
function wholeMicroseconds() {
  console.log('\n## Nine equal targets of 75.3 µs, read in whole microseconds: any false rank\n');
  const shares = [0.005, 0.01, 0.02];
  head(['rule', ...shares.map((share) => `noise ${percent(share)}`)]);
  const read = (targets) =>
    targets.map(({ label, values }) => ({ label, values: values.map((it) => Math.round(it)) }));
  const truths = equal(9).map(() => 75.3);
  for (const [label, rule] of Object.entries(rules)) {
    const cells = shares.map((share) => {
      const noise = { deviations: () => equal(9).map(() => share) };
      return cell(
        trialCounts.map((trials) => falseRanks(rule, noise, truths, trials, read, 1)),
        percent,
      );
    });
    row([label, ...cells]);
  }
}

const margin = (share) => (196 * Math.sqrt((share * (1 - share)) / columns)).toFixed(1);
console.log('# The rule of ranks, simulated\n');
console.log(
  `\`node benchmarks/ranking/simulate.js ${columns} ${seed}\`. A cell has ${trialCounts.join(' / ')} ` +
    `trials, each of ${columns} columns (a share of 5 % to ± ${margin(0.05)} %). 5 % of columns may ` +
    'have a false rank. *All equal*: no rank is right. *Two equal*: one of them is the noisy one, and ' +
    'the other seven are far apart, so that nearly nothing is left to correct for. *Finds*: of the pairs of nine ' +
    'targets that answer as many requests as the reference servers did, those that are told apart. ' +
    'On top of the noise, all trials of a round have 2 % in common. The rules: *own variance*, Welch’s test as c1m had it ' +
    'before; *two degrees*, which always borrows two degrees of freedom from the mean of all variances; ' +
    '*c1m’s*, which borrows as many as are safe, two at the most.',
);
nineTargets();
fewerTargets();
wholeMicroseconds();
