import type { Arrival, Phase } from '../load/plan.js';
import { steadyPhase, steadyRate } from '../load/steady-phase.js';
import { sides, type Side } from './slice-order.js';

/** How a pair is loaded. */
export interface DuetLoad {
  /** Of each side, in the slices. */
  readonly connections: number;
  /**
   * Of each side, in the large one of the two idle holds, whose difference is the cost of a connection.
   * null: there is none, for the server keeps no connection.
   */
  readonly heldConnections: number | null;
  /** Of the open slices: the same for both sides. */
  readonly ratePerSecond: number;
  readonly sliceMicros: number;
  /** Of four slices each, closed and open. */
  readonly blocks: number;
}

const holdMicros = 150e3;
const warmUpMicros = 250e3;
const burstMicros = 250e3;

type Kind = 'warmUp' | 'closed' | 'open';

/** The phases of a pair's load plan, and where each stands in it. */
export class DuetPhases {
  readonly phases: readonly Phase[];
  readonly #places = new Map<string, number>();

  constructor(load: DuetLoad) {
    const phases: Phase[] = [];
    const add = (key: string, phase: Phase): void => {
      this.#places.set(key, phases.length);
      phases.push(phase);
    };
    const both = 2 * load.connections;
    add('few', hold('few', both));
    if (load.heldConnections !== null) add('many', hold('many', 2 * load.heldConnections));
    const closed = { kind: 'closed' } as const;
    add('burst', steadyPhase('warm-up', both, burstMicros, closed));
    const open = steadyRate(load.ratePerSecond);
    const asked = 2 * connectionsAsked(load);
    sides.forEach((side, origin) => {
      const slice = (name: Kind, connections: number, micros: number, arrival: Arrival): void => {
        add(`${name} ${side}`, { ...steadyPhase(name, connections, micros, arrival), origin });
      };
      slice('warmUp', both, warmUpMicros, closed);
      slice('closed', both, load.sliceMicros, closed);
      slice('open', asked, load.sliceMicros, open);
    });
    this.phases = phases;
  }

  hold(size: 'few' | 'many'): number {
    return this.#places.get(size)!;
  }

  /** Loads both sides at once. */
  get burst(): number {
    return this.#places.get('burst')!;
  }

  slice(kind: Kind, side: Side): number {
    return this.#places.get(`${kind} ${side}`)!;
  }
}

/**
 * How many connections an open slice at its low rate asks for something. No more are opened for it: one
 * that says nothing would keep a worker from all others where workers wait for what they have accepted,
 * as gunicorn's do for five seconds and more.
 */
function connectionsAsked({ connections, ratePerSecond, sliceMicros }: DuetLoad): number {
  return Math.min(connections, Math.max(1, Math.floor((ratePerSecond * sliceMicros) / 1e6)));
}

/** Every connection is served once, so that what it costs is all there. */
export function hold(name: string, connections: number): Phase {
  return steadyPhase(name, connections, holdMicros, { kind: 'idle', touch: true });
}
