import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';

/** What a value of an option is; `other` is not looked at. */
export type Kind =
  'duration' | 'amount' | 'number' | 'text' | 'texts' | 'boolean' | 'choice' | 'format' | 'other';

interface KindOfValue {
  readonly title: string;
  readonly example: string;
  readonly is: (value: unknown) => boolean;
}

const isNumber = (value: unknown): boolean => typeof value === 'number';
const isText = (value: unknown): boolean => typeof value === 'string';
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const kinds: Readonly<Record<Kind, KindOfValue>> = {
  duration: {
    title: 'duration',
    example: '{ seconds: 5 } or { milliseconds: 250 }',
    is: (value) =>
      isText(value) ||
      (isObject(value) && (isNumber(value['seconds']) || isNumber(value['milliseconds']))),
  },
  amount: {
    title: 'number or ramp',
    example: '500 or { from: 100, to: 5000 }',
    is: (value) =>
      isText(value) ||
      isNumber(value) ||
      (isObject(value) && isNumber(value['from']) && isNumber(value['to'])),
  },
  number: { title: 'number', example: '500', is: (value) => isText(value) || isNumber(value) },
  text: { title: 'text', example: "'…'", is: isText },
  texts: {
    title: 'list of texts',
    example: "['…']",
    is: (value) => Array.isArray(value) && value.every(isText),
  },
  boolean: { title: 'boolean', example: 'true', is: (value) => typeof value === 'boolean' },
  choice: { title: 'text', example: "'auto'", is: isText },
  format: {
    title: 'text, nor true',
    example: "'sse'",
    is: (value) => isText(value) || typeof value === 'boolean',
  },
  other: { title: '', example: '', is: () => true },
};

/** Throws a ConfigError that names every option that is not known, or not of its kind. */
export function refuseOthers(
  of: 'run' | 'compare',
  options: object,
  known: Readonly<Record<string, Kind>>,
): void {
  const problems = Object.entries(options).flatMap(([name, value]): Problem[] => {
    if (!Object.hasOwn(known, name)) return [unknown(of, name, Object.keys(known))];
    if (value === undefined || kinds[known[name]!].is(value)) return [];
    const { title, example } = kinds[known[name]!];
    const remedy = `Write it as in ${name}: ${example}.`;
    return [{ where: of, message: `${name} is no ${title}`, remedy }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function unknown(where: string, name: string, names: readonly string[]): Problem {
  const near = nearestName(name, names);
  const remedy = near === null ? 'docs/library.md lists the options.' : `Did you mean ${near}?`;
  return { where, message: `There is no option "${name}"`, remedy };
}
