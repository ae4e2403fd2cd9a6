import { manifestSchema, type Manifest } from './manifest.js';
import { knownPlaceholders, placeholdersIn } from './placeholders.js';

interface PlaceholderProblem {
  path: (string | number)[];
  message: string;
  remedy: string;
}

interface Place {
  path: (string | number)[];
  text: string;
}

/** The parts of a manifest that are sound by themselves, whatever is wrong with the rest. */
type SoundParts = Partial<Manifest>;

/**
 * A misspelt placeholder would reach the program as it stands, which is hard to see from outside.
 * Looks at what is sound, so that these problems show together with all others.
 */
export function placeholderProblems(value: unknown): PlaceholderProblem[] {
  const parts = soundParts(value);
  return places(parts).flatMap(({ text, path }) =>
    placeholdersIn(text).flatMap((name) => {
      const problem = problemOf(name, path[0] === 'build', parts);
      return problem === null ? [] : [{ path, ...problem }];
    }),
  );
}

function soundParts(value: unknown): SoundParts {
  const whole = (value ?? {}) as Record<string, unknown>;
  const { runtime, build, requirements, start, env, artifact } = manifestSchema.shape;
  return {
    runtime: runtime.safeParse(whole['runtime']).data,
    build: build.safeParse(whole['build']).data,
    requirements: requirements.safeParse(whole['requirements']).data,
    start: start.safeParse(whole['start']).data,
    env: env.safeParse(whole['env']).data,
    artifact: artifact.safeParse(whole['artifact']).data,
  } as SoundParts;
}

function places({ build, start, env, artifact }: SoundParts): Place[] {
  return [
    ...(build ?? []).flatMap((line, index) =>
      line.map((text, word) => ({ text, path: ['build', index, word] })),
    ),
    ...(start ?? []).map((text, word) => ({ text, path: ['start', word] })),
    ...Object.entries(env ?? {}).map(([name, text]) => ({ text, path: ['env', name] })),
    ...(artifact === undefined ? [] : [{ text: artifact, path: ['artifact'] }]),
  ];
}

function problemOf(
  name: string,
  building: boolean,
  { runtime, build, requirements }: SoundParts,
): { message: string; remedy: string } | null {
  const known = runtime === undefined ? null : knownPlaceholders(runtime.name);
  if (known !== null && !known.includes(name)) {
    return {
      message: `there is no placeholder {${name}} for the runtime ${runtime!.name}`,
      remedy: `Write one of ${known.map((each) => `{${each}}`).join(', ')}.`,
    };
  }
  if (name === 'port' && building) {
    return { message: '{port} is known only at the start', remedy: 'Use it under start or env.' };
  }
  if (name === 'build' && build?.length === 0) {
    return {
      message: '{build} is empty, as nothing is built',
      remedy: 'List commands under build, or use {src}, the folder of this file.',
    };
  }
  if (name === 'venv' && requirements === undefined) {
    return {
      message: '{venv} is there only with requirements',
      remedy: 'Name a pinned requirements file under requirements, or use {python}.',
    };
  }
  return null;
}
