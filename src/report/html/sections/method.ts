import type { Host, RunResult } from '../../../results/schema.js';
import { formatBytes, formatCount } from '../../../basis/format.js';
import { markup, type Markup, type Piece } from '../markup.js';
import { inUnit } from '../../../figures/unit-words.js';
import { unitOfSubjects } from '../../subject.js';
import type { ReportData } from '../report-data.js';

/** What each figure is, in a sentence; docs/measuring.md has its definition and error. */
const definitions: readonly (readonly [string, string])[] = [
  [
    'latency',
    'At a rate: from when a request should have started until its last byte; so a server that stalls cannot hide it. Over connections that are never idle: from when it was sent.',
  ],
  ['requests/s', 'Answers that came before the phase’s clock ran out, by its duration.'],
  [
    'RSS',
    'Resident memory of the server’s processes: at the first idle hold, and its high-water mark.',
  ],
  ['B/conn', 'The slope of resident memory over at least three numbers of idle connections.'],
  [
    'CPU/req, switches/req',
    'User and system time, and context switches of all threads, by answers.',
  ],
  ['run queue/req', 'How long threads could have run but had no CPU, by answers.'],
  ['start, artifact', 'From the exec to the first 200; bytes of what is deployed.'],
  [
    'valid',
    'Connections open, at most 1 % errors, the planned rate reached, Little’s law held, and the load generator not the limit.',
  ],
  [
    'conclusions',
    'Only from valid trials, each a process of its own. Two targets are told apart where Welch’s test of the logarithms says so, corrected for all pairs of a figure (Holm), and the difference is above the noise floor, where one was measured. A target’s variance borrows from those of the others; it is never below its own, nor below what the figure’s steps and the noise floor allow.',
  ],
];

export function methodSection({ results, subjects }: ReportData): Markup {
  const unit = unitOfSubjects(subjects);
  return markup`<section id="method"><h2>How it was measured</h2>
<p>${results.some(({ kind }) => kind === 'compare') ? 'c1m starts each target as a process of its own, loads it from worker threads on other CPUs where it can, and takes turns between targets, a fresh process for each trial.' : 'c1m loads the server from worker threads.'} Every figure is defined in c1m’s <code>docs/measuring.md</code>, with its known error.</p>
${facts(definitions.map(([name, text]) => [inUnit(name, unit), inUnit(text, unit)]))}
${results.map((result) => measurement(result, results.length > 1))}</section>`;
}

function measurement(result: RunResult, several: boolean): Markup {
  const { id, tool, scenario, host, cpus, engine, startedAt, finishedAt } = result;
  const targets = result.targets.map(({ name, runtime, version, cpus: on, replicas }): string => {
    const parts = [
      version === null ? runtime : `${runtime} ${version}`,
      on === null ? '' : `CPU ${on}`,
      replicas > 1 ? `${formatCount(replicas)} processes` : '',
    ];
    return `${name}: ${parts.filter((part) => part !== '').join(', ')}`;
  });
  return markup`${several ? markup`<h3>${id}</h3>` : null}<h3>Again</h3>
<pre><code>npx c1m@${tool.version} ${tool.command}</code></pre>
${facts([
  ['when', `${startedAt} to ${finishedAt ?? 'it was not finished'}`],
  ['with', `c1m ${tool.version} on Node ${tool.node}`],
  ['engine', engine.reason === null ? engine.name : `${engine.name} (${engine.reason})`],
  ['CPUs', `load ${cpus.load ?? 'any'}, target ${cpus.target ?? 'any'}`],
  ['targets', markup`${targets.map((text) => markup`<span class="name">${text}</span><br>`)}`],
  ...hostFacts(host),
])}
<details><summary>Scenario ${scenario.name}, ${scenario.hash}</summary><pre><code>${JSON.stringify(scenario.document, null, 2)}</code></pre></details>`;
}

function hostFacts(host: Host): [string, Piece][] {
  const { cpus, memoryBytes } = host.cgroup;
  const limits = Object.entries(host.limits).map(([name, value]) => `${name} ${value ?? '–'}`);
  return [
    [
      'host',
      `${formatCount(host.cpus)} CPUs (${host.cpuModel}), ${host.arch}, ${formatBytes(host.memoryBytes)}`,
    ],
    ['system', `${host.os}, kernel ${host.kernel}, governor ${host.governor ?? 'unknown'}`],
    [
      'control group',
      `${cpus === null ? 'no CPU quota known' : `${cpus} CPUs`}, ${memoryBytes === null ? 'no memory limit known' : formatBytes(memoryBytes)}`,
    ],
    ['limits', limits.join(', ')],
    ['fingerprint', host.fingerprint],
  ];
}

function facts(pairs: readonly (readonly [string, Piece])[]): Markup {
  return markup`<dl class="facts">${pairs.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}
