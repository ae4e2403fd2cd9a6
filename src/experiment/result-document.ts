import type { EngineDecision } from '../config/engine-choice.js';
import { scenarioDocument } from '../config/scenario-document.js';
import { scenarioHash } from '../config/scenario-hash.js';
import { keptWords } from '../config/secrets.js';
import type { Scenario } from '../config/scenario.js';
import { cgroupWarnings } from '../measure/cgroup.js';
import { readHost } from '../measure/host.js';
import { readCalibration } from '../store/calibration.js';
import type { Warning } from '../results/figures.js';
import { resultId } from '../store/result-id.js';
import { schemaVersion, type RunResult } from '../results/schema.js';
import { version } from '../version.js';

const http2OverUndici: Warning = {
  code: 'http2-experimental',
  message:
    'HTTP/2 over undici is experimental: it takes far more of the generator’s CPU than c1m’s own, and fails the requests that a graceful GOAWAY interrupts',
  remedy: 'Leave --engine undici out, unless it is undici that you mean to measure',
};

/** A result document without anything measured yet. */
export function openResult(
  kind: RunResult['kind'],
  scenario: Scenario,
  engine: EngineDecision,
): RunResult {
  const host = readHost();
  const startedAt = new Date().toISOString();
  return {
    schemaVersion,
    kind,
    id: resultId(kind, startedAt),
    startedAt,
    finishedAt: null,
    tool: describeTool(),
    host,
    scenario: {
      name: scenario.name,
      hash: scenarioHash(scenario, engine.name),
      document: scenarioDocument(scenario),
    },
    cpus: { load: null, target: null },
    engine,
    warnings: [
      ...cgroupWarnings(host),
      ...(scenario.http2 && engine.name === 'undici' ? [http2OverUndici] : []),
    ],
    noiseFloor: readCalibration().noiseFloor,
    targets: [],
    skipped: [],
    failures: [],
    unavailable: [],
    thresholds: [],
  };
}

export function describeTool(): RunResult['tool'] {
  return {
    name: 'c1m',
    version,
    node: process.version,
    command: keptWords(process.argv.slice(2)).join(' '),
  };
}
