import type { z } from 'zod';
import { nearestName } from '../basis/nearest-name.js';
import type { Problem } from '../basis/problem.js';
import { mostStreams } from './scenario.js';
import { knownKeys } from './scenario-schema.js';
import type { YamlSource } from './yaml-source.js';

type Issue = z.core.$ZodIssue;

/** What problems of one kind of file are told with. Parts go by the last key of their path; '' is the whole. */
export interface SchemaWords {
  readonly knownKeys: Readonly<Record<string, readonly string[]>>;
  /** What to write there instead. */
  readonly examples: Readonly<Record<string, string>>;
  readonly seeDocs: string;
}

/** Says what the schema of scenarios found in the words of the file, at its lines. */
export function scenarioProblems(issues: readonly Issue[], source: YamlSource): Problem[] {
  return schemaProblems(issues, source, { knownKeys, examples, seeDocs });
}

/** The same for any kind of file. */
export function schemaProblems(
  issues: readonly Issue[],
  source: YamlSource,
  words: SchemaWords,
): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(key, issue.path, source, words));
    }
    const name = label(issue.path);
    return [
      {
        where: source.locate(issue.path),
        message: name === '' ? messageOf(issue) : `${name}: ${messageOf(issue)}`,
        remedy: remedyOf(issue, words),
      },
    ];
  });
}

/** `phases[0].duration` */
export function label(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  source: YamlSource,
  words: SchemaWords,
): Problem {
  const part = path.findLast((step) => typeof step === 'string') ?? '';
  const known = words.knownKeys[part] ?? [];
  const near = nearestName(key, known);
  const name = label(path);
  return {
    where: source.locateKey(path, key),
    message: `${name === '' ? '' : `${name}: `}there is no key "${key}"`,
    remedy: near === null ? `The keys are ${known.join(', ')}.` : `Did you mean ${near}?`,
  };
}

function messageOf(issue: Issue): string {
  if (issue.code !== 'custom' && issue.input === undefined) return 'is missing';
  const got = mayBeSecret(issue) ? 'what is written' : JSON.stringify(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      return `${got} is not ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${got} is not one of the choices`;
    case 'too_small':
      if (issue.origin === 'array') return 'is empty';
      if (issue.origin === 'string') return 'is an empty text';
      return `${got} is less than ${issue.inclusive === true ? '' : 'or equal to '}${issue.minimum}`;
    case 'too_big':
      return `${got} is more than ${issue.maximum}`;
    default:
      return issue.code === 'custom' ? issue.message : `${got} ${issue.message}`;
  }
}

/** Texts of the request itself may be anything. */
function mayBeSecret({ path, input }: Issue): boolean {
  if (typeof input !== 'string' && typeof input !== 'object') return false;
  return path.some((part) => ['headers', 'body', 'path', 'bodyContains'].includes(String(part)));
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of names to values',
};

function remedyOf(issue: Issue, words: SchemaWords): string {
  const own: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  if (typeof own === 'string') return own;
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const near = nearestName(String(issue.input), values);
    return near === null ? `Write ${values.join(', ')}.` : `Did you mean ${near}?`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'boolean') return 'Write true or false.';
  if (issue.code === 'invalid_type' && issue.expected === 'string' && issue.input !== undefined) {
    return 'Quote it, so that YAML reads it as a text.';
  }
  const part = String(issue.path.findLast((step) => typeof step === 'string'));
  return words.examples[part] ?? words.seeDocs;
}

const seeDocs = 'See docs/scenarios.md for what may stand here.';
const examples: Readonly<Record<string, string>> = {
  name: 'Write a name such as name: checkout-flow.',
  requests: 'List at least one request, such as - path: /plaintext.',
  path: 'Write a path such as path: /plaintext.',
  phases: 'List at least one phase, such as - {duration: 10s, connections: 50}.',
  connections: 'Write a number of connections such as 100, 10k or {from: 10, to: 1k}.',
  status: 'Write a status code such as 200.',
  streams: `Write a whole number from 1 to ${mostStreams}.`,
  weight: 'Write a number above 0; 3 is chosen three times as often as 1.',
};
