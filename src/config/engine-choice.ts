import type { EngineName } from '../load/plan.js';
import type { Scenario } from './scenario.js';

interface EngineDecision {
  readonly name: EngineName;
  /** Why not the faster one; null where it is the fastest, or was asked for by name. */
  readonly reason: string | null;
}

export function chooseEngine(scenario: Pick<Scenario, 'engine' | 'http2'>): EngineDecision {
  if (scenario.engine !== 'auto') return { name: scenario.engine, reason: null };
  if (scenario.http2) return { name: 'undici', reason: 'the net engine speaks HTTP/1.1 only' };
  return { name: 'net', reason: null };
}
