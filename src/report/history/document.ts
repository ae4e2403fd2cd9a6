import { changePointTest } from '../../stats/change-points.js';
import type { PassedOver } from '../../store/folder.js';
import type { History } from './history.js';

/** What `c1m history --json` prints; docs/reports.md names its fields. */
export function historyDocument(history: History, passedOver: readonly PassedOver[]): unknown {
  const { metric, scenario, host, results, targets, leftOut } = history;
  const { name, label, unit, better } = metric;
  return {
    schemaVersion: 1,
    kind: 'history',
    metric: { name, label, unit, better },
    scenario: { name: scenario.name, hash: scenario.hash },
    host: { fingerprint: host.fingerprint, cpus: host.cpus, cpuModel: host.cpuModel },
    results: results.length,
    changePointTest: { method: 'e-divisive', ...changePointTest },
    targets: targets.map((target) => ({
      name: target.name,
      runtime: target.runtime,
      summary: target.summary,
      changePoints:
        target.changes?.map(({ point, before, after, share, p }) => ({
          id: point.result.id,
          startedAt: point.result.startedAt,
          before,
          after,
          share,
          p,
        })) ?? null,
      points: target.points.map(({ result, value, low, high, trials, state, note }) => ({
        id: result.id,
        startedAt: result.startedAt,
        toolVersion: result.tool.version,
        value,
        low,
        high,
        trials,
        state,
        note,
      })),
    })),
    leftOut,
    passedOver,
  };
}
