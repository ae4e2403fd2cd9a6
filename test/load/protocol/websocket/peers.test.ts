import fc from 'fast-check';
import * as ws from 'ws';
import { describe, expect, it } from 'vitest';
import {
  echoOfWebsockets,
  readByWebsockets,
  websocketsPeer,
} from '../../../fixtures/websockets-peer.js';
import { phaseOf } from '../../../fixtures/phase.js';
import { engines } from '../../../fixtures/uring.js';
import { frame, told } from './told.js';

const peer = await websocketsPeer();
if (peer.why !== undefined) console.warn(`Without websockets of Python: ${peer.why}`);

/** Most are as they should be; lengths at which the head changes are among them. */
const opcode = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, 2) },
  { weight: 3, arbitrary: fc.constantFrom(9, 10) },
  { weight: 1, arbitrary: fc.constantFrom(3, 7, 11, 15) },
);
const length = fc.oneof(
  fc.integer({ min: 0, max: 130 }),
  fc.constantFrom(0, 124, 125, 126, 127, 65_535, 65_536),
);
const made = fc
  .record({ opcode, length, fill: fc.nat(255), fin: fc.boolean() })
  .map(({ opcode: code, length: octets, fill, fin }) =>
    frame(new Uint8Array(octets).fill(fill), code, fin),
  );
const bitOfHead = fc.record({ octet: fc.nat(3), bit: fc.nat(7) });
/** Frames in any order, and of one of them a bit of the head turned round. */
const stream = fc
  .record({
    frames: fc.array(made, { minLength: 1, maxLength: 6 }),
    flipped: fc.option(fc.record({ which: fc.nat(5), at: bitOfHead }), { nil: null }),
  })
  .map(({ frames, flipped }) => {
    const copies = frames.map((each) => Buffer.from(each));
    if (flipped !== null) {
      const one = copies[flipped.which % copies.length]!;
      one[flipped.at.octet % one.length]! ^= 1 << flipped.at.bit;
    }
    return Buffer.concat(copies);
  });
/** After a close, in whose payload the readers differ, nothing is compared. */
const isClose = (event: string): boolean => event.startsWith('control 8');

function untilClose(events: readonly string[]): string[] {
  const close = events.findIndex(isClose);
  return close < 0 ? [...events] : events.slice(0, close);
}

/** What a peer that reads a close, or its faults, tells at the end is of the close. */
function ofPeer(events: readonly string[], ours: readonly string[]): string[] {
  const hasClose = ours.some(isClose);
  const until = untilClose(events);
  return hasClose ? until.filter((event) => !event.startsWith('bad')) : until;
}

interface Receiver {
  on(event: string, listener: (...told: never[]) => void): void;
  write(bytes: Uint8Array): void;
}
const { Receiver } = ws as unknown as { Receiver: new (how: object) => Receiver };

/** What the package `ws` reads as a client, of the octets and not of their meaning. */
async function readByWs(bytes: Uint8Array): Promise<string[]> {
  const events: string[] = [];
  const receiver = new Receiver({ isServer: false, maxPayload: 0, skipUTF8Validation: true });
  receiver.on('message', (data: Buffer) => events.push(`message ${data.toString('hex')}`));
  receiver.on('ping', (data: Buffer) => events.push(`control 9 ${data.toString('hex')}`));
  receiver.on('pong', (data: Buffer) => events.push(`control 10 ${data.toString('hex')}`));
  receiver.on('conclude', () => events.push('control 8'));
  receiver.on('error', (error: Error) => {
    const [code] = Object.getOwnPropertySymbols(error).map(
      (key) => Reflect.get(error, key) as number,
    );
    events.push(`bad ${code}`);
  });
  receiver.write(bytes);
  await new Promise((resolve) => setImmediate(resolve));
  return events;
}

describe.skipIf(peer.why !== undefined)('frames of WebSocket, also damaged ones,', () => {
  it('are read as ws and websockets read them, and where these differ as one of them', async () => {
    // It is shown where the test fails, and finds the same again.
    const seed = Date.now() % 1_000_000;
    const streams = fc.sample(stream, { numRuns: 500, seed });
    const byPython = readByWebsockets(peer.python!, streams);
    let differing = 0;
    for (const [place, bytes] of streams.entries()) {
      const ours = told(bytes, []);
      const theirs = [await readByWs(bytes), byPython[place]!].map((each) => ofPeer(each, ours));
      const shown = `${seed}: ${bytes.toString('hex').slice(0, 200)}`;
      if (JSON.stringify(theirs[0]) === JSON.stringify(theirs[1])) {
        expect(untilClose(ours), shown).toEqual(theirs[0]);
      } else {
        // A ping whose length takes more octets than it has to; a length that is no whole number.
        differing++;
        expect(theirs, shown).toContainEqual(untilClose(ours));
      }
    }
    expect(differing).toBeLessThan(streams.length / 5);
  });
});

describe.skipIf(peer.why !== undefined)('the server of Python’s package websockets', () => {
  it.each(engines.filter((engine) => engine !== 'undici'))(
    'is loaded by %s, in fragments and with pings, and counts the same',
    async (engine) => {
      const server = await echoOfWebsockets(peer.python!);
      const flags = { engine, connections: 4, threads: 1, requests: 200 } as const;
      const { load } = await phaseOf(server.url, { ...flags, body: 'grüße {seq} 😀' });
      expect(load).toMatchObject({ responses: 200, errors: {} });
      expect(await server.seen()).toEqual({ messages: 200, pongs: 200 });
    },
  );
});
