import { ConfigError } from '../basis/problem.js';
import { parseTargetUrl } from '../config/target-url.js';
import { metricNames, type MetricName } from '../gate/metric.js';
import { resolveOrigins } from '../load/resolve.js';
import { buildTarget } from '../targets/build.js';
import { lendManifest, readTarget } from '../targets/catalog.js';
import { defaultPath, type Manifest } from '../targets/manifest.js';
import { countsEvent } from '../perf/event-counter.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';
import { checkOut, type Checkout } from './checkout.js';
import { commandContender, targetContender, urlContender, type Contender } from './contender.js';
import type { Side } from './slice-order.js';
import { countedInstructions } from './side-events.js';

/** How base and head were named, as they were typed. */
export interface ContestFlags {
  /** Git refs; without a head, the folder as it is. */
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly baseCommand?: string | undefined;
  readonly headCommand?: string | undefined;
  readonly baseTarget?: string | undefined;
  readonly headTarget?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly headUrl?: string | undefined;
  /** What is asked of a command's server. */
  readonly path?: string | undefined;
}

/** Two builds that are ready to be started, and what was made for them. */
interface Contest {
  readonly contenders: Readonly<Record<Side, Contender>>;
  /** What can be measured of them. */
  readonly metrics: readonly MetricName[];
  /** What they are asked for where nothing says what. */
  readonly path: string;
  /** Removes what it made. */
  end(): void;
}

const ways = [
  ['base', 'head'],
  ['baseTarget', 'headTarget'],
  ['baseCommand', 'headCommand'],
  ['baseUrl', 'headUrl'],
] as const;

/** Checks out, builds, or looks up what the flags name. Throws a ConfigError or a TargetError. */
export async function openContest(
  flags: ContestFlags,
  folder: string | undefined,
  signal: AbortSignal,
): Promise<Contest> {
  const way = wayOf(flags);
  switch (way) {
    case 'base':
      return refs(flags.base!, flags.head, folder ?? '.', signal);
    case 'baseTarget': {
      const base = await build(flags.baseTarget!, flags.baseTarget!, signal);
      const head = await build(flags.headTarget!, flags.headTarget!, signal);
      return ofTargets(base, head, nothingToEnd);
    }
    case 'baseCommand': {
      const of = (command: string, where: string): Contender =>
        commandContender({ kind: 'command', command, path: flags.path ?? '/', where });
      const contenders = {
        base: of(flags.baseCommand!, '--base-command'),
        head: of(flags.headCommand!, '--head-command'),
      };
      return { contenders, metrics: measurable(), path: '/', end: nothingToEnd };
    }
    case 'baseUrl': {
      const contenders = {
        base: await url(flags.baseUrl!, '--base-url'),
        head: await url(flags.headUrl!, '--head-url'),
      };
      const metrics = ['requestsPerSecond', 'p50', 'p99'] as const;
      return { contenders, metrics, path: '/', end: nothingToEnd };
    }
  }
}

const nothingToEnd = (): void => undefined;

/** Of processes that c1m starts. Many virtual machines count no instructions. */
function measurable(): MetricName[] {
  return metricNames.filter(
    (name) => name !== 'instructionsPerRequest' || countsEvent(countedInstructions),
  );
}

function wayOf(flags: ContestFlags): (typeof ways)[number][0] {
  const given = ways.filter((pair) => pair.some((flag) => flags[flag] !== undefined));
  const [way, ...others] = given;
  if (way === undefined) {
    const message = 'Nothing is named that could be compared';
    const remedy = 'Name a base: --base main, --base-command, --base-target or --base-url';
    throw new ConfigError([{ where: '--base', message, remedy }]);
  }
  if (others.length > 0) {
    const names = given.map(([base]) => flagName(base)).join(' and ');
    const remedy = 'Use one of them';
    throw new ConfigError([{ where: names, message: 'exclude each other', remedy }]);
  }
  const needed = way[0] === 'base' ? [way[0]] : way;
  const missing = needed.find((flag) => flags[flag] === undefined);
  if (missing !== undefined) {
    const other = flagName(way.find((flag) => flag !== missing)!);
    const remedy = `It goes with ${other}`;
    throw new ConfigError([{ where: flagName(missing), message: 'is missing', remedy }]);
  }
  return way[0];
}

function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

async function refs(
  base: string,
  head: string | undefined,
  folder: string,
  signal: AbortSignal,
): Promise<Contest> {
  const checkouts: Checkout[] = [];
  const end = (): void => {
    for (const checkout of checkouts) checkout.remove();
  };
  const checkedOut = async (ref: string, flag: string): Promise<Checkout> => {
    const checkout = await checkOut(ref, folder, flag, signal);
    checkouts.push(checkout);
    return checkout;
  };
  try {
    const before = await checkedOut(base, '--base');
    const after = head === undefined ? null : await checkedOut(head, '--head');
    const newFolder = after?.folder ?? folder;
    const lent = await lendManifest(newFolder, before.folder);
    const label = `${base} (${before.commit})${lent ? ', with the target.yaml of head' : ''}`;
    return ofTargets(
      await build(before.folder, label, signal),
      await build(
        newFolder,
        after === null ? 'the working tree' : `${head!} (${after.commit})`,
        signal,
      ),
      end,
    );
  } catch (error) {
    end();
    throw error;
  }
}

/** A contender that was built here, and what its manifest says of it. */
interface BuiltContender {
  readonly contender: Contender;
  readonly manifest: Manifest;
}

function ofTargets(base: BuiltContender, head: BuiltContender, end: Contest['end']): Contest {
  const contenders = { base: base.contender, head: head.contender };
  return { contenders, metrics: measurable(), path: defaultPath(head.manifest), end };
}

async function build(folder: string, label: string, signal: AbortSignal): Promise<BuiltContender> {
  const target = await readTarget(folder);
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
  const built = await buildTarget(target, { toolchain, signal });
  return { contender: targetContender(label, built), manifest: target.manifest };
}

async function url(written: string, flag: string): Promise<Contender> {
  const parsed = parseTargetUrl(written);
  if ('message' in parsed) throw new ConfigError([{ ...parsed, where: flag }]);
  // Both sides have one origin each, so of several addresses the first.
  const [origin] = await resolveOrigins(parsed.origin);
  return urlContender(parsed.href, origin!);
}
