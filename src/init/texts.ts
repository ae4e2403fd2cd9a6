import { stringify } from 'yaml';
import type { RuntimeName } from '../targets/manifest.js';
import type { Project } from './project.js';

/** What a user settled on: a project that has a start command, and what it is asked for. */
export interface Settled {
  readonly project: Project & { readonly start: readonly string[] };
  readonly path: string;
}

/** On one line. */
function flow(value: unknown): string {
  return stringify(value, {
    collectionStyle: 'flow',
    flowCollectionPadding: !Array.isArray(value),
    defaultStringType: 'QUOTE_SINGLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
  }).trim();
}

export function targetText({ project, path }: Settled): string {
  const { name, file, runtime, build, requirements, start, runsIn, env, artifact } = project;
  // The shell gives its place to the command, so that it is no part of what is measured.
  const there = ['sh', '-c', 'cd "$0" && exec "$@"', '{build}'];
  const command = runsIn === 'build' ? [...there, ...start] : start;
  return [
    '# How c1m builds and starts this server. It must listen on the port that c1m names: in PORT, or as',
    '# {port} in start or env.',
    `name: ${name}`,
    `description: ${file === '' ? 'A server of ours' : `As ${file} has it`}`,
    `runtime: ${flow(runtime)}`,
    ...(build.length === 0 ? [] : ['build:', ...build.map((step) => `  - ${flow(step)}`)]),
    ...(requirements === undefined ? [] : [`requirements: ${requirements}`]),
    `start: ${flow(command)}`,
    ...(Object.keys(env).length === 0 ? [] : [`env: ${flow(env)}`]),
    ...(artifact === undefined ? [] : [`artifact: ${flow(artifact)}`]),
    '# It is up when it answers this with 200.',
    `ready: ${flow({ path, timeoutSeconds: 60 })}`,
    '# None of the endpoints that c1m’s reference servers share.',
    'serves: []',
    '',
  ].join('\n');
}

export function scenarioText({ project, path }: Settled): string {
  return [
    '# The load. c1m gate asks for these requests too, in phases of its own.',
    `name: ${project.name}`,
    'description: As much as it answers, then its latency at an even pace',
    'requests:',
    `  - path: ${flow(path)}`,
    '    expect: { status: 200 }',
    'phases:',
    '  - { name: warm-up, duration: 1s, connections: 50, record: false }',
    '  - { name: throughput, duration: 3s, connections: 50 }',
    '  - { name: latency, duration: 3s, connections: 50, rate: 200/s }',
    '',
  ].join('\n');
}

const setUps: Readonly<Record<RuntimeName, readonly string[]>> = {
  go: ['uses: actions/setup-go@v5', 'with: { go-version: stable }'],
  java: ['uses: actions/setup-java@v4', "with: { distribution: temurin, java-version: '25' }"],
  python: ['uses: actions/setup-python@v5', "with: { python-version: '3.13' }"],
  node: [],
  none: [],
};

interface WorkflowPlace {
  /** c1m's action, as in `owner/c1m@v0`. */
  readonly action: string;
  /** From the top of the repository, with slashes; `.` is the top. */
  readonly folder: string;
  readonly scenario: string;
}

export function workflowText({ project }: Settled, place: WorkflowPlace): string {
  const [setUp, ...withs] = setUps[project.runtime.name];
  return [
    '# Fails a pull request that makes the server slower or hungrier than its base.',
    'name: c1m',
    'on: pull_request',
    'permissions: { contents: read, pull-requests: write }',
    'jobs:',
    '  gate:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 20',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '        with: { fetch-depth: 0 }',
    '      - uses: actions/setup-node@v4',
    "        with: { node-version: '22' }",
    ...(setUp === undefined ? [] : [`      - ${setUp}`, ...withs.map((each) => `        ${each}`)]),
    `      - uses: ${place.action}`,
    '        with:',
    `          target: ${flow(place.folder)}`,
    `          scenario: ${flow(place.scenario)}`,
    "          budget: '6m'",
    '',
  ].join('\n');
}
