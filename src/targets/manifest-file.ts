import { nearestName } from '../basis/nearest-name.js';
import type { Problem } from '../basis/problem.js';
import { label } from '../config/scenario-problems.js';
import { YamlSource } from '../config/yaml-source.js';
import type { core } from 'zod';
import { manifestSchema, type Manifest } from './manifest.js';
import { placeholderProblems } from './placeholder-problems.js';

type ManifestResult = { manifest: Manifest; where: string } | { problems: Problem[] };

/** Reads the text of a `target.yaml`. Every problem is told at once, each with its line. */
export function parseManifest(text: string, file: string): ManifestResult {
  const source = new YamlSource(file, text);
  if (source.problems.length > 0) return { problems: source.problems };
  const value = source.toValue();
  const result = manifestSchema.safeParse(value, { reportInput: true });
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => schemaProblems(issue, source)),
    ...placeholderProblems(value).map(({ path, message, remedy }) => ({
      where: source.locate(path),
      message: `${label(path)}: ${message}`,
      remedy,
    })),
  ];
  return problems.length === 0 && result.success
    ? { manifest: result.data, where: source.locate(['name']) }
    : { problems: problems.sort((a, b) => lineOf(a) - lineOf(b)) };
}

function schemaProblems(issue: core.$ZodIssue, source: YamlSource): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, source));
  }
  const { path } = issue;
  const where = source.locate(path);
  if (path.length === 0) {
    return [
      {
        where,
        message: 'this is not a manifest',
        remedy: 'It needs name, description, runtime and start; see the reference targets.',
      },
    ];
  }
  const name = label(path);
  return [
    issue.input === undefined
      ? { where, message: `${name}: is missing`, remedy: `Add ${exampleOf(path)}.` }
      : { where, message: `${name}: ${messageOf(issue)}`, remedy: remedyOf(issue) },
  ];
}

function unknownKey(key: string, path: readonly PropertyKey[], source: YamlSource): Problem {
  const known =
    path.length === 0 ? Object.keys(manifestSchema.shape) : (innerKeys[label(path)] ?? []);
  const near = nearestName(key, known);
  return {
    where: source.locateKey(path, key),
    message: `there is no key "${label([...path, key])}"`,
    remedy: near === null ? `The keys are ${known.join(', ')}.` : `Did you mean ${near}?`,
  };
}

const innerKeys: Readonly<Record<string, readonly string[]>> = {
  runtime: ['name', 'minVersion'],
  ready: ['path', 'listening', 'http2', 'timeoutSeconds'],
  limits: ['connections'],
};

function messageOf(issue: core.$ZodIssue): string {
  const got = JSON.stringify(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return `${got} is not ${kinds[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `${got} is not one of the choices`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'is empty'
        : `${got} is too small`;
    case 'invalid_format':
      return `${got} is not what may stand here`;
    default:
      return issue.message;
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
};

function remedyOf(issue: core.$ZodIssue): string {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = nearestName(String(issue.input), values);
    return near === null ? `Write one of ${values.join(', ')}.` : `Did you mean ${near}?`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string') {
    return 'Quote it, so that YAML reads it as a text (3.10 would become 3.1).';
  }
  return `Write it as in ${exampleOf(issue.path)}.`;
}

function exampleOf(path: readonly PropertyKey[]): string {
  const words = path.filter((part) => typeof part === 'string');
  return examples[words.join('.')] ?? examples[words[0] ?? ''] ?? 'the reference targets';
}

const examples: Readonly<Record<string, string>> = {
  name: 'name: go-bare (lower-case letters, digits and dashes)',
  description: 'description: net/http with its defaults',
  runtime: "runtime: {name: go, minVersion: '1.22'}",
  build: "build: [['{go}', build, -o, '{build}/server', .]] (a list of commands, each a list)",
  requirements: 'requirements: requirements.txt',
  start: "start: ['{build}/server'] (a list: the command and its arguments)",
  env: "env: {GOGC: '100'}",
  artifact: "artifact: '{build}/server'",
  ready: 'ready: {path: /health, timeoutSeconds: 30}',
  serves: 'serves: [plaintext, health]',
  limits: 'limits: {connections: 1000}',
};

function lineOf({ where }: Problem): number {
  return Number(/:(\d+):\d+$/.exec(where)?.[1] ?? 0);
}
