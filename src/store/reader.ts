import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../basis/problem.js';
import { kindOfPlace } from '../process/place-kind.js';
import { claimsSchema, claimsSchemaVersion, type ClaimsResult } from '../results/claims.js';
import { gateSchema, gateSchemaVersion, type GateResult } from '../results/gate.js';
import { resultSchema, schemaVersion, type RunResult } from '../results/schema.js';
import { wakeupSchema, wakeupSchemaVersion, type WakeupResult } from '../results/wakeup.js';

/** What any command may have stored. */
export type AnyResult = RunResult | WakeupResult | GateResult | ClaimsResult;

/** Whether it is a load with trials, of `c1m run` or `c1m compare`. */
export function isLoad(result: AnyResult): result is RunResult {
  return result.kind === 'run' || result.kind === 'compare';
}

/** Reads a stored result: a file, or the newest of a folder. Throws a ConfigError. */
export function readResult(place: string): AnyResult {
  return readResultFile(findResultFile(place));
}

/** @throws ConfigError */
export function readResultFile(file: string): AnyResult {
  const document = parse(file);
  const { kind, schemaVersion: found } = (document ?? {}) as Record<string, unknown>;
  const { schema, version } = formatOf(kind);
  if (found !== version) {
    throw wrong(
      file,
      found === undefined
        ? 'This is no result of c1m'
        : `It has schema version ${JSON.stringify(found)}, this c1m reads version ${version}`,
      found === undefined
        ? 'Name a file that `c1m run -o`, `c1m compare`, `c1m gate -o`, `c1m wakeup` or `c1m claims` has written.'
        : 'Read it with the c1m that wrote it (tool.version in the file), or measure again.',
    );
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw wrong(
    file,
    `${where}: ${issue?.message ?? 'not a result'}`,
    'The file was changed or cut; measure again.',
  );
}

function formatOf(kind: unknown) {
  switch (kind) {
    case 'wakeup':
      return { schema: wakeupSchema, version: wakeupSchemaVersion };
    case 'claims':
      return { schema: claimsSchema, version: claimsSchemaVersion };
    case 'gate':
      return { schema: gateSchema, version: gateSchemaVersion };
    default:
      return { schema: resultSchema, version: schemaVersion };
  }
}

/** What may be results in a folder: its JSON files, by name. */
export function resultFilesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

/** The result, or what is wrong with the file. */
export function resultOrReason(file: string): ReturnType<typeof readResultFile> | string {
  try {
    return readResultFile(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message).join('; ');
  }
}

/** The file itself, or the newest of a folder. Throws a ConfigError. */
export function findResultFile(place: string): string {
  const kind = kindOfPlace(place);
  if (kind === null) {
    throw wrong(
      place,
      'There is no such file or folder',
      'Name a result, such as results/compare-….json.',
    );
  }
  if (kind !== 'folder') return place;
  const newest = resultFilesIn(place)
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)
    .at(-1);
  if (newest !== undefined) return newest;
  throw wrong(place, 'The folder holds no result', 'Measure first: c1m compare -o FOLDER.');
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrong(file, (error as Error).message, 'Name a result document, a JSON file.');
  }
}

function wrong(where: string, message: string, remedy: string): ConfigError {
  return new ConfigError([{ where, message, remedy }]);
}
