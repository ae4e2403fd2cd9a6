/** A value that changes linearly over a phase; a constant has `from` equal to `to`. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
}
