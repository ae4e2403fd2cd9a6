/** Every target once a trial, each trial beginning with another one. */
export function* rotation(
  targets: number,
  trials: number,
): Generator<{ place: number; index: number; of: number }> {
  for (let index = 0; index < trials; index++) {
    for (let turn = 0; turn < targets; turn++) {
      yield { place: (turn + index) % targets, index, of: trials };
    }
  }
}
