import { expect, it } from 'vitest';
import { Gathering } from '../../src/load/gathering.js';

/** A shard that answers `perSecond`, with so many under way, after it was looked at for 100 ms. */
function gatheredBy(underWay: number, perSecond: number, closed = true) {
  const recorder = { responses: 0 };
  const gathering = new Gathering(recorder, { count: underWay });
  gathering.begin(1_000_000, closed);
  for (let elapsed = 0; elapsed <= 100_000; elapsed += 500) {
    recorder.responses = Math.round((elapsed * perSecond) / 1e6);
    gathering.look(1_000_000 + elapsed);
  }
  const { micros, answers } = gathering;
  return { micros, answers };
}

it('answers of a closed load gather for a hundredth of the mean latency, and 50 µs at the most', () => {
  // 128 under way at 40,000/s: 3,200 µs each.
  expect(gatheredBy(128, 40_000)).toEqual({ micros: 32, answers: 16 });
  expect(gatheredBy(640, 40_000)).toEqual({ micros: 50, answers: 16 });
  expect(gatheredBy(3, 200).answers).toBe(3);
});

it('where that is nothing, or something is due at its own time, each is looked at as it comes', () => {
  expect(gatheredBy(1, 20_000).micros).toBe(0);
  expect(gatheredBy(64, 200_000).micros).toBe(0);
  expect(gatheredBy(640, 40_000, false).micros).toBe(0);
});

it('nothing gathers before anything is known, where nothing is answered, and after the end', () => {
  const recorder = { responses: 0 };
  const gathering = new Gathering(recorder, { count: 640 });
  gathering.begin(0, true);
  gathering.look(5_000);
  expect(gathering.micros).toBe(0);
  recorder.responses = 400;
  gathering.look(10_000);
  expect(gathering.micros).toBe(50);
  gathering.look(20_000);
  expect(gathering.micros).toBe(0);
  recorder.responses = 800;
  gathering.look(30_000);
  expect(gathering.micros).toBe(50);
  gathering.end();
  gathering.look(40_000);
  expect(gathering.micros).toBe(0);
});
