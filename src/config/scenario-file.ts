import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Describer, Describing } from '../load/describing.js';
import type { DataTable, RequestSpec } from '../load/plan.js';
import { bodySource, literalAt } from './body-source.js';
import { readDataTable } from './data-table.js';
import { ConfigError } from '../basis/problem.js';
import type { Problem } from '../basis/problem.js';
import { asCall } from './grpc-request.js';
import { requestNames } from './request-names.js';
import { readCall } from './scenario-calls.js';
import { label, scenarioProblems } from './scenario-problems.js';
import { loadBreaches, requestBreaches } from './scenario-rules.js';
import type { Breach } from './breach.js';
import { requestSchema, scenarioSchema } from './scenario-schema.js';
import { partProblem } from '../thresholds/askable.js';
import { scenarioDefaults } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { TlsSettings } from '../tls/settings.js';
import { readTlsFiles } from './tls-files.js';
import { parseSocketPath } from './unix-url.js';
import { YamlSource } from './yaml-source.js';

/**
 * Reads a scenario and the files that it names. Throws a `ConfigError` with all problems.
 * @param describer of the server that may be asked what its methods are; null: there is none
 */
export async function loadScenario(
  file: string,
  describer: Describer | null = null,
): Promise<Scenario> {
  const text = await readText(file, file);
  if (typeof text !== 'string') throw new ConfigError([text]);
  return parseScenario(text, file, describer);
}

/** As `loadScenario`, of a text that is at hand; `file` is where it stands. */
export async function parseScenario(
  text: string,
  file: string,
  describer: Describer | null = null,
): Promise<Scenario> {
  const source = new YamlSource(file, text);
  if (source.problems.length > 0) throw new ConfigError(source.problems);
  const value = source.toValue();
  const parsed = scenarioSchema.safeParse(value, { reportInput: true });
  const problems = parsed.success ? [] : scenarioProblems(parsed.error.issues, source);

  // What can be read of a scenario with problems is checked as well, so that all show at once.
  const parts = (value ?? {}) as { readonly data?: unknown; readonly requests?: unknown };
  const folder = dirname(file);
  const data = await readData(parts.data, folder, source, problems);
  const requests: WrittenRequest[] = [];
  const readRequests = async (server: Describing | null): Promise<void> => {
    for (const [index, part] of listOf(parts.requests).entries()) {
      const request = requestSchema.safeParse(part);
      if (!request.success) continue;
      const path = ['requests', index];
      const spec = await completeRequest(request.data, path, folder, source, problems);
      if (data !== 'unreadable') report(requestBreaches(spec, data), path, source, problems);
      const rows = data === 'unreadable' ? null : data;
      const call = parsed.success
        ? await readCall(request.data, path, parsed.data, rows, folder, server, source, problems)
        : null;
      requests.push(
        call === null ? spec : { ...asCall(spec, call), name: spec.name ?? call.method },
      );
    }
  };
  const tls = parsed.success ? await readTls(parsed.data.tls, folder, source, problems) : null;
  const unix = readSocket(parsed.data?.unix, folder, source, problems);
  if (describer !== null && tls !== null && isLeftToServer(parsed.data) && problems.length === 0) {
    await describer({ tls, unix, targets: parsed.data!.targets }, readRequests);
  } else await readRequests(null);
  if (!parsed.success || data === 'unreadable') throw new ConfigError(inOrder(problems, file));
  if (parsed.data.pingPong && parsed.data.protocol !== 'grpc') {
    const message = 'messages go and come on calls of gRPC';
    const remedy = 'Write protocol: grpc beside it, or leave it out.';
    report([{ key: 'pingPong', message, remedy }], [], source, problems);
  }

  const scenario = assemble(parsed.data, requests, data, tls!, unix);
  report(loadBreaches(scenario), [], source, problems);
  for (const [index, condition] of scenario.failIf.entries()) {
    // Whether its loads for scheduling have that name shows when they are measured.
    const { phases, scheduling } = scenario;
    const loads = { phases, requests: scenario.requests.map(({ name }) => name) };
    const found = partProblem(condition, loads, scheduling !== null);
    if (found !== null) report([{ key: index, ...found }], ['failIf'], source, problems);
  }
  for (const [part, one, named] of [
    ['phases', 'phase', scenario.phases],
    ['requests', 'request', scenario.requests],
  ] as const) {
    for (const [index, { name }] of named.entries()) {
      if (named.findIndex((other) => other.name === name) === index) continue;
      problems.push({
        where: source.locate([part, index, 'name']),
        message: `${part}[${index}].name: another ${one} is named "${name}"`,
        remedy: `Give each ${one} a name of its own; results are told apart by it.`,
      });
    }
  }
  if (problems.length > 0) throw new ConfigError(inOrder(problems, file));
  return scenario;
}

/** What its methods are. */
function isLeftToServer(written: z.output<typeof scenarioSchema> | undefined): boolean {
  return written?.protocol === 'grpc' && written.proto === undefined;
}

function assemble(
  written: z.output<typeof scenarioSchema>,
  requests: readonly WrittenRequest[],
  data: DataTable | null,
  tls: TlsSettings,
  unix: string | null,
): Scenario {
  const names = requestNames(requests);
  return {
    name: written.name,
    description: written.description,
    requests: requests.map((request, index) => ({ ...request, name: names[index]! })),
    data,
    phases: written.phases.map((phase, index) => ({
      ...phase,
      name: phase.name ?? `phase ${index + 1}`,
    })),
    keepAlive: written.keepAlive,
    timeoutMicros: written.timeout ?? scenarioDefaults.timeoutMicros,
    connectTimeoutMicros:
      written.connectTimeout ?? written.timeout ?? scenarioDefaults.timeoutMicros,
    deadlineMicros: written.deadline ?? scenarioDefaults.deadlineMicros,
    engine: written.engine,
    http2: written.http2 || written.protocol === 'grpc',
    webSocket: written.protocol === 'websocket',
    fanOut: written.fanOut,
    tls,
    unix,
    proxyProtocol: written.proxyProtocol ?? null,
    streams: written.streams,
    threads: written.threads ?? null,
    scheduling: written.scheduling ?? null,
    targets: written.targets,
    trials: written.trials,
    seed: written.seed,
    failIf: written.failIf,
  };
}

async function readTls(
  {
    verify,
    resume,
    min,
    max,
    servername,
    cacert,
    cert,
    key,
  }: z.output<typeof scenarioSchema>['tls'],
  folder: string,
  source: YamlSource,
  problems: Problem[],
): Promise<TlsSettings> {
  const inFolder = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : resolve(folder, file);
  const files = { cacert: inFolder(cacert), cert: inFolder(cert), key: inFolder(key) };
  const { authorities = null, identity = null } = await readTlsFiles(
    files,
    (name) => source.locate(['tls', name]),
    problems,
  );
  const versions = { minVersion: min ?? null, maxVersion: max ?? null };
  return { verify, authorities, identity, ...versions, serverName: servername ?? null, resume };
}

function readSocket(
  written: string | undefined,
  folder: string,
  source: YamlSource,
  problems: Problem[],
): string | null {
  if (written === undefined) return null;
  const parsed = parseSocketPath(written, folder);
  if (parsed.ok) return parsed.value;
  report([{ key: 'unix', ...parsed }], [], source, problems);
  return null;
}

/** A request that has not got its name yet, where it was given none. */
type WrittenRequest = Omit<RequestSpec, 'name'> & { readonly name: string | null };

async function completeRequest(
  request: z.output<typeof requestSchema>,
  path: readonly PropertyKey[],
  folder: string,
  source: YamlSource,
  problems: Problem[],
): Promise<WrittenRequest> {
  const body = await readBody(request, path, folder, source, problems);
  return {
    name: request.name ?? null,
    method: request.method ?? defaultMethod(request.body ?? request.bodyFile),
    path: request.path,
    headers: request.headers,
    body,
    weight: request.weight,
    expect: request.expect,
    stream: request.stream,
  };
}

/** `bodyFile: order.bin`, and `body: '@order.bin'`, which is the same. */
async function readBody(
  { body, bodyFile }: z.output<typeof requestSchema>,
  path: readonly PropertyKey[],
  folder: string,
  source: YamlSource,
  problems: Problem[],
): Promise<string | Uint8Array | null> {
  const written = body === undefined ? null : bodySource(body);
  if (written?.kind === 'text') return written.text;
  const file = written?.file ?? bodyFile;
  if (file === undefined) return null;
  const where = source.locate([...path, written === null ? 'bodyFile' : 'body']);
  const read = await readBytes(resolve(folder, file), where);
  if (read instanceof Uint8Array) return read;
  problems.push(written === null ? read : { ...read, remedy: `${read.remedy} ${literalAt}` });
  return null;
}

/** As curl does: a body is sent with POST unless another method is named. */
export function defaultMethod(body: unknown): string {
  return body === undefined || body === null ? 'GET' : 'POST';
}

async function readData(
  name: unknown,
  folder: string,
  source: YamlSource,
  problems: Problem[],
): Promise<DataTable | null | 'unreadable'> {
  if (typeof name !== 'string') return name === undefined ? null : 'unreadable';
  const text = await readText(resolve(folder, name), source.locate(['data']));
  if (typeof text !== 'string') {
    problems.push(text);
    return 'unreadable';
  }
  const read = readDataTable(text, resolve(folder, name));
  problems.push(...read.problems);
  return read.problems.length > 0 ? 'unreadable' : read.table;
}

/** The file's text, or why it cannot be read; `where` it is named. */
export async function readText(file: string, where: string): Promise<string | Problem> {
  const bytes = await readBytes(file, where);
  if (!(bytes instanceof Uint8Array)) return bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read all the same, each letter beyond ASCII would be sent as another one.
    return { where, message: `${file} is not UTF-8`, remedy: 'Save it in that encoding.' };
  }
}

/** The file's bytes, or why it cannot be read. */
async function readBytes(file: string, where: string): Promise<Uint8Array | Problem> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      where,
      message:
        code === 'ENOENT' ? `there is no file ${file}` : `cannot read ${file} (${code ?? ''})`,
      remedy:
        where === file ? 'Check the name.' : 'Check the name; it is relative to the scenario file.',
    };
  }
}

function report(
  breaches: readonly Breach[],
  path: readonly PropertyKey[],
  source: YamlSource,
  problems: Problem[],
): void {
  for (const { key, member, request, message, remedy } of breaches) {
    const owner = request === undefined ? path : ['requests', request];
    const at = member === undefined ? [...owner, key] : [...owner, key, member];
    problems.push({ where: source.locate(at), message: `${label(at)}: ${message}`, remedy });
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The file from top to bottom, then the files that it names. */
function inOrder(problems: readonly Problem[], file: string): Problem[] {
  const place = ({ where }: Problem): number => {
    const [, named, line, column = '0'] = /^(.*?):(\d+)(?::(\d+))?$/.exec(where) ?? [];
    return named === file && line ? Number(line) * 1e6 + Number(column) : Infinity;
  };
  return problems.toSorted((a, b) => place(a) - place(b) || 0);
}
