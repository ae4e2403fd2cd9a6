import { ConfigError } from '../basis/problem.js';
import { buildTarget, type BuiltTarget } from '../targets/build.js';
import { loadCatalog, ofRole, selectTargets, type Target } from '../targets/catalog.js';
import { checkContract } from '../targets/contract.js';
import { launch } from '../targets/launch.js';
import type { Manifest } from '../targets/manifest.js';
import { TargetError } from '../targets/target-error.js';
import { Toolchains } from '../targets/toolchain.js';
import { color } from './color.js';
import { exitCodes } from './exit-codes.js';
import { done, shown, type Outcome } from './outcome.js';

export interface Folders {
  readonly targets?: string[];
}

export interface StartFlags extends Folders {
  readonly port?: string;
  readonly probe?: boolean;
}

export async function list({ targets }: Folders): Promise<Outcome> {
  const catalog = await loadCatalog(targets);
  const toolchains = new Toolchains();
  const width = Math.max(...catalog.map(({ manifest }) => manifest.name.length));
  const groups = {
    'Servers, for c1m compare': 'server',
    'Programs, for c1m wakeup': 'program',
  } as const;
  for (const [title, role] of Object.entries(groups)) {
    process.stdout.write(`${color.underline(title)}\n`);
    await listTargets(ofRole(catalog, role), width, toolchains);
  }
  return shown();
}

async function listTargets(
  targets: readonly Target[],
  width: number,
  toolchains: Toolchains,
): Promise<void> {
  for (const { manifest } of targets) {
    const toolchain = await toolchains.find(manifest.runtime);
    process.stdout.write(`${color.bold(manifest.name.padEnd(width))}  ${manifest.description}\n`);
    const state = toolchain.found
      ? color.dim([`${manifest.runtime.name} ${toolchain.version}`, ...spoken(manifest)].join(', '))
      : color.yellow(`${toolchain.reason}. ${toolchain.remedy}`);
    process.stdout.write(`${' '.repeat(width)}  ${state}\n`);
  }
}

/** Beside requests of HTTP/1.1, which most answer. */
const protocols = {
  http2: 'HTTP/2',
  events: 'streams of events',
  websocket: 'WebSockets',
} as const;

function spoken({ serves }: Manifest): string[] {
  return Object.entries(protocols).flatMap(([served, name]) =>
    serves.includes(served as keyof typeof protocols) ? [name] : [],
  );
}

export async function build(
  names: readonly string[],
  { targets }: Folders,
  signal: AbortSignal,
): Promise<Outcome> {
  for (const target of selectTargets(await loadCatalog(targets), names, null)) {
    const { target: ready, fromCache } = await built(target, signal);
    const how = fromCache ? 'was built already' : 'is built';
    process.stdout.write(`${ready.manifest.name} ${how}\n`);
  }
  return done();
}

export async function start(
  name: string,
  flags: StartFlags,
  signal: AbortSignal,
): Promise<Outcome> {
  const target = await pick(name, flags);
  const { probe = false } = flags;
  if (probe && !target.manifest.serves.includes('probe')) throw noProbe(name);
  const ready = await built(target, signal);
  const where = flags.port === undefined ? {} : { port: Number(flags.port) };
  const running = await launch(ready, { ...where, probe, signal });
  process.stdout.write(`${target.manifest.name} answers at ${running.urls[0]!} (Ctrl-C ends it)\n`);
  for (const url of running.probeUrls) process.stdout.write(`Its runtime: curl ${url}\n`);
  const stopped = new Promise<null>((resolve) => {
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  const exit = await Promise.race([running.exited, stopped]);
  await running.stop();
  if (exit === null) return done();
  throw new TargetError(
    'exited-early',
    `${target.manifest.name} ended by itself\n${running.output()}`,
  );
}

export async function check(name: string, folders: Folders, signal: AbortSignal): Promise<Outcome> {
  const target = await pick(name, folders);
  const checks = await checkContract(await built(target, signal), {
    signal,
    onCheck: ({ check, ok, detail }) => {
      const mark = ok ? color.green('✓') : color.red('✗');
      process.stdout.write(`${mark} ${check}${ok ? '' : `\n    ${detail}`}\n`);
    },
  });
  const broken = checks.filter(({ ok }) => !ok).length;
  process.stdout.write(`${checks.length - broken} of ${checks.length} hold\n`);
  return done(broken > 0 ? exitCodes.failure : exitCodes.success);
}

function noProbe(name: string): ConfigError {
  const message = `${name} has no probe`;
  const remedy = 'Let it answer as targets/CONTRACT.md says, and add `probe` to its `serves`.';
  return new ConfigError([{ where: '--probe', message, remedy }]);
}

async function pick(name: string, { targets }: Folders): Promise<Target> {
  return selectTargets(await loadCatalog(targets), [name])[0]!;
}

async function built(target: Target, signal: AbortSignal): Promise<BuiltTarget> {
  const toolchain = await new Toolchains().find(target.manifest.runtime);
  if (!toolchain.found) throw new TargetError('cannot-start', toolchain.reason, toolchain.remedy);
  return buildTarget(target, { toolchain, signal });
}
