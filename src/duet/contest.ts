import type { Scenario } from '../config/scenario.js';
import { metricNames, type MetricName } from '../gate/metric.js';
import { countsEvent } from '../perf/event-counter.js';
import type { ServerSubject } from '../subject/subject.js';
import { lendManifest, readTarget } from '../targets/catalog.js';
import { placedOn, refuseUnserved } from '../targets/served.js';
import { checkOut, type Checkout } from './checkout.js';
import { contenderOf, type Contender } from './contender.js';
import { countedInstructions } from './side-events.js';
import type { Side } from './slice-order.js';

/** Who is measured against whom. */
export type Contest =
  | {
      /** One target, at two states of its repository. */
      readonly kind: 'refs';
      readonly base: string;
      /** null: the working tree. */
      readonly head: string | null;
      /** Of the target, in the repository. */
      readonly folder: string;
    }
  | { readonly kind: 'subjects'; readonly base: ServerSubject; readonly head: ServerSubject };

/** Two builds that are ready to be started, and what was made for them. */
interface OpenContest {
  readonly contenders: Readonly<Record<Side, Contender>>;
  /** What can be measured of them. */
  readonly metrics: readonly MetricName[];
  /** The load with what they are asked for where it does not say. Throws a ConfigError if they cannot. */
  placed(load: Scenario): Scenario;
  /** Removes what it made. */
  end(): void;
}

/** Checks out, builds, or looks up what is named. Rejects with a ConfigError or a TargetError. */
export async function openContest(contest: Contest, signal: AbortSignal): Promise<OpenContest> {
  switch (contest.kind) {
    case 'refs':
      return openRefs(contest.base, contest.head, contest.folder, signal);
    case 'subjects': {
      const { base, head } = contest;
      return opened(base, head, signal, () => undefined);
    }
  }
}

async function opened(
  base: ServerSubject,
  head: ServerSubject,
  signal: AbortSignal,
  end: OpenContest['end'],
): Promise<OpenContest> {
  const contenders = {
    base: await contenderOf(base, signal),
    head: await contenderOf(head, signal),
  };
  const targets = [base, head].flatMap((each) => (each.kind === 'target' ? [each.target] : []));
  const placed = (load: Scenario): Scenario => {
    refuseUnserved(targets, load, targets);
    return head.kind === 'target' ? placedOn(load, head.target.manifest) : atRoot(load);
  };
  return { contenders, metrics: measurable(head), placed, end };
}

function atRoot(load: Scenario): Scenario {
  const requests = load.requests.map((it) => (it.path === '' ? { ...it, path: '/' } : it));
  return { ...load, requests };
}

/** Of the server's processes. */
const ofProcesses: readonly MetricName[] = [
  ...(['cpuUsPerRequest', 'instructionsPerRequest', 'rssIdle', 'rssPeak'] as const),
  ...(['bytesPerConnection', 'startup'] as const),
];

/** Many virtual machines count no instructions, and of a server that runs already nothing is known. */
function measurable({ kind }: ServerSubject): readonly MetricName[] {
  if (kind === 'urls') return metricNames.filter((name) => !ofProcesses.includes(name));
  return metricNames.filter(
    (name) => name !== 'instructionsPerRequest' || countsEvent(countedInstructions),
  );
}

async function openRefs(
  base: string,
  head: string | null,
  folder: string,
  signal: AbortSignal,
): Promise<OpenContest> {
  const checkouts: Checkout[] = [];
  const end = (): void => {
    for (const checkout of checkouts) checkout.remove();
  };
  const checkedOut = async (ref: string, flag: string): Promise<Checkout> => {
    const checkout = await checkOut(ref, folder, flag, signal);
    checkouts.push(checkout);
    return checkout;
  };
  const of = async (place: string, name: string): Promise<ServerSubject> => {
    return { kind: 'target', name, target: await readTarget(place) };
  };
  try {
    const before = await checkedOut(base, '--base');
    const after = head === null ? null : await checkedOut(head, '--head');
    const newFolder = after?.folder ?? folder;
    // Right after c1m init, neither ref has one; the working tree does.
    const lentToHead = after !== null && (await lendManifest(folder, newFolder));
    const lent = await lendManifest(newFolder, before.folder);
    const lender = lentToHead || after === null ? 'the working tree' : 'head';
    const borrowed = `, with the target.yaml of ${lender}`;
    const label = `${base} (${before.commit})${lent ? borrowed : ''}`;
    const newLabel =
      after === null
        ? 'the working tree'
        : `${head!} (${after.commit})${lentToHead ? borrowed : ''}`;
    return await opened(await of(before.folder, label), await of(newFolder, newLabel), signal, end);
  } catch (error) {
    end();
    throw error;
  }
}
