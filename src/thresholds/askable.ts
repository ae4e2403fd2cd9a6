import { nearestName } from '../basis/nearest-name.js';
import type { Phase } from '../load/plan.js';
import type { Need } from '../figures/figure.js';
import { isOfTrial } from '../figures/reading.js';
import { distributionNames, figures } from '../figures/table.js';
import { streamWaitNames } from '../results/events.js';
import { partNamed, requestPartNames, type Part } from './part.js';
import type { Threshold } from './threshold.js';

/** What is known before any load of that which will be measured. */
export interface Measurable {
  readonly phases: readonly Phase[];
  /** The names of the scenario's requests. */
  readonly requests: readonly string[];
  readonly fanOut: boolean;
  /** Whether any of them asks for a stream of events. */
  readonly streams: boolean;
  /** `none`: a URL of a server whose process nobody named; `known`: by --pid; `started`: a target. */
  readonly server: 'none' | 'known' | 'started';
  /**
   * Whether something watches from readable to taken. `apart`: in a trial of its own, whose phases
   * the scenario does not name.
   */
  readonly scheduling: 'none' | 'watched' | 'apart';
}

/** Why a condition cannot be judged, and what to write instead. */
interface Unaskable {
  readonly message: string;
  readonly remedy: string;
}

/** null where it can, or where that only shows when it is measured. */
export function whyUnaskable(threshold: Threshold, measurable: Measurable): Unaskable | null {
  const { metric: name, text } = threshold;
  const figure = figures.get(name)!;
  const apart = measurable.scheduling === 'apart';
  const wrongPart = partProblem(threshold, measurable, apart);
  if (wrongPart !== null) return wrongPart;
  const phases = phasesOf(threshold, measurable);
  for (const need of figure.needs) {
    const lacking = lacks[need](phases, measurable);
    if (lacking !== null) return { ...lacking, message: `"${text}": ${lacking.message}` };
  }
  return null;
}

/** What a scenario file by itself can show: the part is one of its own that is recorded. */
export function partProblem(
  { part, metric, text }: Threshold,
  scenario: Loads,
  apart: boolean,
): Unaskable | null {
  const figure = figures.get(metric)!;
  if (figure.needs.includes('scheduling') && apart) {
    if (part !== null) return null;
    const message = `"${text}" does not say at which load`;
    return { message, remedy: `Name one, as the report shows it, such as '60 %.${metric}'.` };
  }
  if (part === null) return null;
  if (isOfTrial(figure)) {
    const message = `"${text}": ${metric} is of the whole trial, and of none of its phases`;
    return { message, remedy: `Write ${metric} without "${part}.".` };
  }
  const found = partOf(part, scenario);
  if (found !== null && (found.request === null || figure.perRequest)) return null;
  if (found !== null) {
    const message = `"${text}": single requests have no ${metric} of their own`;
    return { message, remedy: `Ask for it of the phase: ${found.phase}.${metric}.` };
  }
  const recorded = scenario.phases.filter(({ record }) => record).map(({ name }) => name);
  const requests = requestPartNames(recordedParts(scenario), requestsApart(scenario));
  const near = nearestName(part, [
    ...recorded,
    ...requests,
    ...distributionNames,
    ...streamWaitNames,
  ]);
  const message = scenario.phases.some(({ name }) => name === part)
    ? `"${text}": the phase "${part}" is not recorded`
    : `"${text}": there is no phase "${part}"${requests.length === 0 ? '' : ', and no such request'}`;
  const all = `Name one of ${recorded.join(', ')}, or none for the whole: ${metric}.`;
  return { message, remedy: near === null ? all : `Did you mean ${near}.${metric}?` };
}

type Loads = Pick<Measurable, 'phases' | 'requests'>;

function partOf(part: string, scenario: Loads): Part | null {
  return partNamed(part, recordedParts(scenario), requestsApart(scenario));
}

function recordedParts({ phases }: Loads): { name: string; sends: boolean }[] {
  return phases
    .filter(({ record }) => record)
    .map(({ name, arrival }) => ({ name, sends: arrival.kind !== 'idle' }));
}

/** Of the only one, the figures are those of the phase. */
function requestsApart({ requests }: Loads): readonly string[] {
  return requests.length > 1 ? requests : [];
}

function phasesOf({ part }: Threshold, measurable: Measurable): readonly Phase[] {
  const found = part === null ? null : partOf(part, measurable);
  return measurable.phases.filter(
    ({ record, name }) => record && (part === null || name === found?.phase),
  );
}

type Lack = (phases: readonly Phase[], measurable: Measurable) => Unaskable | null;

const lacks: Readonly<Record<Need, Lack>> = {
  answers: (phases) =>
    phases.some(({ arrival }) => arrival.kind !== 'idle' || arrival.touch)
      ? null
      : {
          message: 'an idle hold (rate 0) sends nothing that could be answered',
          remedy: 'Ask for it in a phase with load.',
        },
  rate: (phases) =>
    phases.some(({ arrival }) => arrival.kind === 'open')
      ? null
      : {
          message: 'only an open workload plans a rate, and there is none',
          remedy: 'Give a rate (-R, or rate: in the scenario), or leave the condition out.',
        },
  events: (_, { streams }) =>
    streams
      ? null
      : {
          message: 'no request asks for a stream of events',
          remedy: 'Ask with --stream, or stream: auto in the scenario, or leave the condition out.',
        },
  server: (_, { server }) =>
    server !== 'none'
      ? null
      : {
          message: 'c1m does not know the process of this server',
          remedy: 'Name it with --pid (ss -ltnp finds it), or load a target by its name.',
        },
  start: (_, { server }) =>
    server === 'started'
      ? null
      : {
          message: 'c1m does not start this server',
          remedy: 'Load a target by its name; c1m targets list shows them.',
        },
  hold: (phases) =>
    phases.some(isHold)
      ? null
      : {
          message: 'memory at rest is measured in idle holds, and there is none',
          remedy: 'Take a scenario with a phase of rate: 0, or ask for rssPeak.',
        },
  holds: (phases) =>
    phases.filter(isHold).length >= 3 && new Set(phases.filter(isHold).map(held)).size > 1
      ? null
      : {
          message: 'memory per connection is measured over at least three idle holds',
          remedy:
            'Take a scenario with three phases of rate: 0 and growing connections: c1m scenarios show compare.',
        },
  'fan-out': (_, { fanOut }) =>
    fanOut
      ? null
      : {
          message: 'deliveries are counted in a fan-out, and this is none',
          remedy: 'Ask for one (--fan-out, or fanOut: true in the scenario), of a ws:// URL.',
        },
  scheduling: (_, { scheduling }) =>
    scheduling !== 'none'
      ? null
      : {
          message: 'nothing watches how the server is scheduled',
          remedy: 'Run as root with --sched ebpf.',
        },
};

function isHold({ arrival }: Phase): boolean {
  return arrival.kind === 'idle';
}

function held({ connections }: Phase): number {
  return connections.to;
}
