import type { FigureFloor } from './noise-floor.js';

/** What a difference must be to count, beside significant. */
export interface Bar {
  readonly better: 'higher' | 'lower';
  /** In the figure's unit: more than that. */
  readonly resolution: number;
  /** More than the share by which a target differs from itself; null where that is not known. */
  readonly noiseFloor: FigureFloor | null;
  /** The values are of turns: what changed on the host from turn to turn changed for all. */
  readonly byTurns?: boolean;
}
