import type { Arrival, Phase } from '../load/plan.js';
import { sides, type Side } from './slice-order.js';

/** How a pair is loaded. */
export interface DuetLoad {
  /** Of each side, in the slices. */
  readonly connections: number;
  /** Of each side, in the large one of the two idle holds, whose difference is the cost of a connection. */
  readonly heldConnections: number;
  /** Of the open slices: the same for both sides. */
  readonly ratePerSecond: number;
  readonly sliceMicros: number;
  /** Of four slices each, closed and open. */
  readonly blocks: number;
}

const holdMicros = 150e3;
const warmUpMicros = 150e3;

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
    add('many', hold('many', 2 * load.heldConnections));
    sides.forEach((side, origin) => {
      const { ratePerSecond: rate, sliceMicros } = load;
      const open: Arrival = { kind: 'open', ratePerSecond: { from: rate, to: rate } };
      const slice = { connections: both, origin };
      add(`warmUp ${side}`, phase('warm-up', warmUpMicros, { kind: 'closed' }, slice));
      add(`closed ${side}`, phase('closed', sliceMicros, { kind: 'closed' }, slice));
      add(`open ${side}`, phase('open', sliceMicros, open, slice));
    });
    this.phases = phases;
  }

  hold(size: 'few' | 'many'): number {
    return this.#places.get(size)!;
  }

  slice(kind: Kind, side: Side): number {
    return this.#places.get(`${kind} ${side}`)!;
  }
}

/** Every connection is served once, so that what it costs is all there. */
function hold(name: string, connections: number): Phase {
  return phase(name, holdMicros, { kind: 'idle', touch: true }, { connections });
}

function phase(
  name: string,
  durationMicros: number,
  arrival: Arrival,
  { connections, ...origin }: { readonly connections: number; readonly origin?: number },
): Phase {
  return {
    name,
    durationMicros,
    requests: null,
    connections: { from: connections, to: connections },
    arrival,
    record: true,
    ...origin,
  };
}
