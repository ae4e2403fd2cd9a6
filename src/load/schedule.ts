import type { Ramp } from '../basis/ramp.js';

/**
 * When each request of an open workload is due: a pure function of its number. Nothing here reads a
 * clock, so a generator that was held up still knows exactly when each request should have started.
 */
export interface Schedule {
  /** How many requests are due before the phase ends. */
  readonly planned: number;
  /** Microseconds from the phase's start to the intended start of request `k` (0-based). */
  dueAt(k: number): number;
}

/** Requests at an even pace, or at one that changes linearly; never two at once, never a burst. */
export function createSchedule(
  rate: Ramp,
  durationMicros: number | null,
  requests: number | null,
): Schedule {
  const limit = requests ?? Infinity;
  const perMicro = rate.from / 1e6;
  if (durationMicros === null || rate.from === rate.to) {
    const due = durationMicros === null ? limit : ceilWithin(perMicro * durationMicros);
    return { planned: Math.min(limit, due), dueAt: (k) => k / perMicro };
  }
  // Arrivals until t are a·t² + b·t; request k is due when they reach k. This form of the root
  // neither cancels for a small slope nor divides by zero when the ramp starts at rest.
  const slope = (rate.to - rate.from) / 1e6 / durationMicros / 2;
  const arrivals = durationMicros * ((perMicro + rate.to / 1e6) / 2);
  return {
    planned: Math.min(limit, ceilWithin(arrivals)),
    dueAt: (k) =>
      k === 0 ? 0 : (2 * k) / (perMicro + Math.sqrt(Math.max(0, perMicro ** 2 + 4 * slope * k))),
  };
}

/** The value of a ramp at a share (0 to 1) of its phase. */
export function rampAt(ramp: Ramp, share: number): number {
  return ramp.from + (ramp.to - ramp.from) * Math.min(1, Math.max(0, share));
}

/** Rounds up, except what is a whole number but for the last bits of a floating-point product. */
function ceilWithin(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 * Math.max(1, whole) ? whole : Math.ceil(value);
}
