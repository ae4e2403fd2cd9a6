import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { demand, head } from './raw-connection.js';
import { frame, handshake, RawWebSocket, type FrameSpec, type Message } from './raw-web-socket.js';
import { connected, demandStatus, type Rule, type Subject } from './subject.js';

const mebibyte = 1024 * 1024;
/** A message comes within milliseconds, or never. */
const patienceMs = 5_000;
/** On both sides of where the length of a frame is written otherwise. */
const sizes = [0, 1, 125, 126, 65_535, 65_536, mebibyte];

const forbidden: [string, FrameSpec][] = [
  ['a reserved opcode', { kind: 'reserved' }],
  ['a reserved bit', { kind: 'text', payload: 'x', reservedBit: true }],
  ['a ping in fragments', { kind: 'ping', payload: 'x', unfinished: true }],
  ['a ping of 126 bytes', { kind: 'ping', payload: 'x'.repeat(126) }],
  ['a fragment of no message', { kind: 'more', payload: 'x' }],
  ['a message of a terabyte', { kind: 'binary', payload: 'x', saidLength: 2 ** 40 }],
];

export const websocketRules: Rule[] = [
  {
    rule: 'GET /ws echoes each message, a text as a text, and in order',
    endpoint: 'websocket',
    verify: (subject) =>
      open(subject, '/ws', async (socket) => {
        for (const size of sizes) {
          for (const kind of ['text', 'binary'] as const) {
            const payload = kind === 'text' ? 'x'.repeat(size) : randomBytes(size);
            socket.send(kind, payload);
            demandMessage(await socket.message(), kind, payload, `a ${kind} of ${size} bytes`);
          }
        }
        const texts = Array.from({ length: 50 }, (_, index) => `message ${index} ✓`);
        for (const text of texts) socket.send('text', text);
        for (const text of texts) demandMessage(await socket.message(), 'text', text, text);
      }),
  },
  {
    rule: 'A handshake and a message may arrive in single bytes',
    endpoint: 'websocket',
    verify: async ({ url }) => {
      const socket = await RawWebSocket.openBytewise(url, '/ws');
      try {
        const octets = frame({ kind: 'text', payload: 'byte by byte' });
        await socket.connection.sendBytewise(octets.toString('latin1'));
        const answer = await socket.message();
        demandMessage(answer, 'text', 'byte by byte', 'a message in single bytes');
      } finally {
        socket.close();
      }
    },
  },
  {
    rule: 'A message may come in fragments, with a ping between them',
    endpoint: 'websocket',
    verify: (subject) =>
      open(subject, '/ws', async (socket) => {
        socket.connection.send(frame({ kind: 'text', payload: 'in ', unfinished: true }));
        socket.connection.send(frame({ kind: 'ping', payload: 'still there?' }));
        await demandPong(socket, 'still there?');
        socket.connection.send(frame({ kind: 'more', payload: 'three ', unfinished: true }));
        socket.connection.send(frame({ kind: 'more', payload: 'parts' }));
        const answer = await socket.message();
        demandMessage(answer, 'text', 'in three parts', 'a message in fragments');
      }),
  },
  {
    rule: 'A ping is answered with its pong, a close with a close, and the connection then closes',
    endpoint: 'websocket',
    verify: (subject) =>
      open(subject, '/ws', async (socket) => {
        socket.connection.send(frame({ kind: 'ping' }));
        await demandPong(socket, '');
        socket.connection.send(frame({ kind: 'close', payload: Buffer.of(4000 >> 8, 4000 & 255) }));
        const { kind, payload } = await socket.frame();
        demand(kind === 'close', `a close was answered with a ${kind}`);
        const code = payload.length < 2 ? 'none' : payload.readUInt16BE(0);
        demand(
          code === 4000 || code === 1000,
          `a close of 4000 was answered with the code ${code}`,
        );
        demand(await socket.connection.closes(), 'the connection stayed open after the close');
      }),
  },
  {
    rule: 'A WebSocket that nobody asked for, or of another version, is refused with 400 or 426',
    endpoint: 'websocket',
    verify: async (subject) => {
      for (const [what, request] of [
        ['GET /ws without a handshake', head('GET', '/ws')],
        ['a handshake of version 12', handshake('/ws', 'c1mc1mc1mc1mc1mc1mc1mQ==', '12')],
      ] as const) {
        await connected(subject, async (connection) => {
          connection.send(request);
          const { status, headers } = await connection.responseHead();
          demandStatus({ status, headers, body: Buffer.alloc(0) }, [400, 426], what);
        });
      }
    },
  },
  {
    rule: 'What RFC 6455 forbids a client ends its connection, and no other',
    endpoint: 'websocket',
    verify: (subject) =>
      open(subject, '/ws', async (other) => {
        for (const [what, spec] of forbidden) {
          await open(subject, '/ws', async (socket) => {
            socket.connection.send(frame(spec));
            demand(await socket.connection.closes(), `the connection stayed open after ${what}`);
          });
        }
        other.send('text', 'still here');
        demandMessage(await other.message(), 'text', 'still here', 'a message of another client');
      }),
  },
  {
    rule: 'GET /room passes what one member says on to all others, in order, and not back',
    endpoint: 'room',
    verify: (subject) =>
      inRoom(subject, 4, async ([speaker, ...others]) => {
        for (let count = 0; count < 20; count++) speaker.send('text', `message ${count} ✓`);
        speaker.send('binary', Buffer.of(0, 255));
        for (const other of others) {
          for (let count = 0; count < 20; count++) {
            const text = `message ${count} ✓`;
            demandMessage(await other.message(), 'text', text, `${text} of another member`);
          }
          demandMessage(await other.message(), 'binary', Buffer.of(0, 255), 'a binary message');
        }
        others[0]!.send('text', 'an answer');
        const heard = await speaker.message();
        demandMessage(heard, 'text', 'an answer', 'what the first to speak then heard');
      }),
  },
  {
    rule: 'A member of the room who does not read, or leaves, holds up no other',
    endpoint: 'room',
    verify: (subject) =>
      inRoom(subject, 4, async ([speaker, listener, deaf, gone]) => {
        deaf!.connection.pause();
        gone!.sendPart();
        gone!.reset();
        // More than the kernel keeps for who does not read.
        const payload = randomBytes(mebibyte / 4);
        for (let count = 0; count < 64; count++) {
          speaker.send('binary', payload);
          const heard = await listener!.message(patienceMs);
          demandMessage(heard, 'binary', payload, `message ${count + 1} beside a deaf member`);
        }
      }),
  },
];

async function open(
  { url }: Subject,
  path: string,
  work: (socket: RawWebSocket) => Promise<void>,
): Promise<void> {
  const socket = await RawWebSocket.open(url, path);
  try {
    await work(socket);
  } finally {
    socket.close();
  }
}

async function inRoom(
  { url }: Subject,
  members: number,
  work: (members: [RawWebSocket, ...RawWebSocket[]]) => Promise<void>,
): Promise<void> {
  const sockets: RawWebSocket[] = [];
  try {
    while (sockets.length < members) sockets.push(await RawWebSocket.open(url, '/room'));
    // A server may answer the handshake a moment before it counts the member in.
    await sleep(100);
    await work(sockets as [RawWebSocket, ...RawWebSocket[]]);
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function demandPong(socket: RawWebSocket, payload: string): Promise<void> {
  const pong = await socket.frame();
  demand(pong.kind === 'pong', `a ping was answered with a ${pong.kind} frame`);
  const told = pong.payload.toString('utf8');
  demand(told === payload, `the ping “${payload}” was answered with the pong “${told}”`);
}

function demandMessage(
  message: Message,
  kind: Message['kind'],
  payload: string | Uint8Array,
  what: string,
): void {
  demand(message.kind === kind, `${what} came back as a ${message.kind}`);
  const same = message.payload.equals(Buffer.from(payload));
  demand(same, `${what} came back with other bytes (${message.payload.length})`);
}
