// The measurements of targets/PROGRAM.md. Each is an async function that returns its answer.
import { setTimeout as sleep } from 'node:timers/promises';

const nowNs = () => performance.now() * 1e6;
const since = (startNs) => Math.round(nowNs() - startNs);

/** A task waits on a promise; whoever calls `wake` resolves it. */
class Seat {
  wait() {
    return new Promise((resolve) => (this.wake = resolve));
  }
}

/** Two tasks wake each other in turn, each by resolving the promise that the other awaits. */
export async function pingPong(handOvers) {
  const rounds = Math.floor(handOvers / 2);
  const [ping, pong] = [new Seat(), new Seat()];
  const answerPings = async () => {
    for (let i = 0; i < rounds; i++) {
      await pong.wait();
      ping.wake();
    }
  };
  const pongs = answerPings();
  const start = nowNs();
  for (let i = 0; i < rounds; i++) {
    const turn = ping.wait();
    pong.wake();
    await turn;
  }
  const elapsedNs = since(start);
  await pongs;
  return { operations: 2 * rounds, elapsedNs };
}

export async function spawnJoin(count) {
  const start = nowNs();
  for (let i = 0; i < count; i++) await nothing();
  return { operations: count, elapsedNs: since(start) };
}

async function nothing() {}

export async function timer(askedMicros, times) {
  const lateness = new Array(times);
  const start = nowNs();
  for (let i = 0; i < times; i++) {
    const before = nowNs();
    await sleep(askedMicros / 1000);
    lateness[i] = since(before) - askedMicros * 1000;
  }
  return { operations: times, elapsedNs: since(start), samplesNs: lateness };
}

/** Tasks that each await a promise of their own. */
export class ParkedTasks {
  #wakes = [];
  #ends = [];
  #delays = [];
  #wokenAt = 0;

  async park(count) {
    const start = nowNs();
    // An async function runs until its first await at once, so each is parked when the call returns.
    for (let i = 0; i < count; i++) this.#ends.push(this.#wait(i));
    return { operations: count, elapsedNs: since(start) };
  }

  async #wait(index) {
    await new Promise((resolve) => this.#wakes.push(resolve));
    this.#delays[index] = since(this.#wokenAt);
  }

  async wakeAll() {
    // Here, so that it is no part of what a parked task takes.
    this.#delays = new Array(this.#wakes.length).fill(0);
    this.#wokenAt = nowNs();
    for (const wake of this.#wakes) wake();
    for (const end of this.#ends) await end;
    const delays = this.#delays;
    this.#wakes = [];
    this.#ends = [];
    const last = delays.reduce((most, delay) => Math.max(most, delay), 0);
    return { operations: delays.length, elapsedNs: last, samplesNs: delays };
  }
}
