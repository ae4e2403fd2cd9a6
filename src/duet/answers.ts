import { attemptsOf, errorsOf } from '../figures/errors.js';
import { addNamed, totalOf } from '../results/counts.js';
import type { LoadFigures, Warning } from '../results/figures.js';
import type { GateAnswers } from '../results/gate.js';
import { sides, type Side } from './slice-order.js';

/** What a server answered to the load of some slices. */
export type Answers = GateAnswers;

export function answersOf(load: LoadFigures): Answers {
  return {
    attempts: attemptsOf(load),
    errors: { ...errorsOf(load) },
    statusCodes: { ...load.statusCodes },
    responses: load.responses,
    bytesReceived: load.bytesReceived,
    opened: load.connections.opened,
  };
}

/** Of one side, in all slices together. */
export function answersIn(
  slices: readonly { readonly side: Side; readonly answers: Answers }[],
  side: Side,
): Answers {
  const all = slices.filter((slice) => slice.side === side).map(({ answers }) => answers);
  const sum = (of: (answers: Answers) => number): number =>
    all.reduce((total, answers) => total + of(answers), 0);
  return {
    attempts: sum(({ attempts }) => attempts),
    errors: addNamed(all.map(({ errors }) => errors)),
    statusCodes: addNamed(all.map(({ statusCodes }) => statusCodes)),
    responses: sum(({ responses }) => responses),
    bytesReceived: sum(({ bytesReceived }) => bytesReceived),
    opened: sum(({ opened }) => opened),
  };
}

export function failedOf({ errors }: Answers): number {
  return totalOf(errors);
}

/** Of what was asked, the share that got the answer that was asked for. */
export function answeredShare(answers: Answers): number {
  return answers.attempts === 0 ? 1 : 1 - failedOf(answers) / answers.attempts;
}

/** Of a side's answers: what has less than this is an exception, and no habit. */
const habit = 0.01;
/** Dates, counters and the like differ by less. */
const sameSize = 0.1;
/** Connections opened for each answer: a server that ends each has 1, one that keeps them all but none. */
const [ends, keeps] = [0.5, 0.1];

/** What is to be known before two servers are compared: that they do not do the same. */
export function answerWarnings(of: Readonly<Record<Side, Answers>>): Warning[] {
  return [...sides.flatMap((side) => failures(side, of[side])), ...differences(of)];
}

function failures(side: Side, answers: Answers): Warning[] {
  const failed = failedOf(answers);
  if (failed === 0) return [];
  const kinds = listed(answers.errors);
  const message = `${side} failed in ${failed} of ${answers.attempts} requests (${kinds}); its statuses: ${listed(answers.statusCodes)}`;
  return [{ code: 'requests-failed', message, remedy: 'Look into its log' }];
}

/** Whether head does something else than base: then that it is faster means nothing. */
export function differences({ base, head }: Readonly<Record<Side, Answers>>): Warning[] {
  if (base.responses === 0 || head.responses === 0) return [];
  const said: string[] = [];
  const [usual, now] = [habits(base), habits(head)];
  if (usual !== now) said.push(`Base answers with ${usual}, head with ${now}`);
  const [size, newSize] = [base, head].map((it) => it.bytesReceived / it.responses) as [
    number,
    number,
  ];
  if (Math.abs(newSize / size - 1) > sameSize) {
    said.push(
      `An answer of base has ${Math.round(size)} bytes with its head, one of head ${Math.round(newSize)}`,
    );
  }
  const [opens, newOpens] = [base.opened / base.responses, head.opened / head.responses];
  if (opens < keeps && newOpens > ends) said.push('Head ends its connections, base keeps them');
  if (newOpens < keeps && opens > ends) said.push('Base ends its connections, head keeps them');
  const remedy = 'See that both are asked for the same, and do it';
  return said.map((message) => ({ code: 'answers-differ', message, remedy }));
}

/** "status 200", "statuses 200 and 302". */
function habits({ statusCodes, responses }: Answers): string {
  const usual = Object.keys(statusCodes)
    .filter((code) => statusCodes[code]! >= habit * responses)
    .sort();
  return `status${usual.length === 1 ? '' : 'es'} ${usual.join(' and ')}`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');
}
