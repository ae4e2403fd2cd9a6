import { defaultWindow } from './frames.js';

// Phases of a connection.
export const Phase = {
  closed: 0,
  /** c1m has said its preface, and the server's is awaited. */
  greeting: 1,
  ready: 2,
  /** It carries no new request. */
  retired: 3,
} as const;

/** By connection: what the server has said of itself, and how far the talk is. */
export class Peers {
  readonly phase: Uint8Array;
  readonly origin: Uint16Array;
  /** The next stream's number. */
  readonly next: Int32Array;
  /** Streams under way; requests that wait for one; streams whose request is sent in part. */
  readonly live: Uint16Array;
  readonly waiting: Uint16Array;
  readonly uploading: Uint16Array;
  /** Of the streams under way, calls that are held open and carry no message. */
  readonly idle: Uint16Array;
  /** How many streams the server takes at once. */
  readonly mostStreams: Uint32Array;
  /** Octets of content that may be sent on all streams together; on a new one. */
  readonly window: Int32Array;
  readonly streamWindow: Int32Array;
  /** Octets of content that came and that the server was not told of yet. */
  readonly unacknowledged: Uint32Array;
  /** Frames that brought nothing on, since one that did. */
  readonly idleFrames: Uint16Array;
  /** 1: GOAWAY came. */
  readonly saidGoodbye: Uint8Array;

  constructor(connections: number) {
    this.phase = new Uint8Array(connections);
    this.origin = new Uint16Array(connections);
    this.next = new Int32Array(connections);
    this.live = new Uint16Array(connections);
    this.waiting = new Uint16Array(connections);
    this.uploading = new Uint16Array(connections);
    this.idle = new Uint16Array(connections);
    this.mostStreams = new Uint32Array(connections);
    this.window = new Int32Array(connections);
    this.streamWindow = new Int32Array(connections);
    this.unacknowledged = new Uint32Array(connections);
    this.idleFrames = new Uint16Array(connections);
    this.saidGoodbye = new Uint8Array(connections);
  }

  open(connection: number, origin: number): void {
    this.phase[connection] = Phase.greeting;
    this.origin[connection] = origin;
    this.next[connection] = 1;
    this.live[connection] = 0;
    this.waiting[connection] = 0;
    this.uploading[connection] = 0;
    this.idle[connection] = 0;
    this.mostStreams[connection] = 2 ** 32 - 1;
    this.window[connection] = defaultWindow;
    this.streamWindow[connection] = defaultWindow;
    this.unacknowledged[connection] = 0;
    this.idleFrames[connection] = 0;
    this.saidGoodbye[connection] = 0;
  }

  isBusy(connection: number): boolean {
    return this.live[connection]! + this.waiting[connection]! > this.idle[connection]!;
  }
}
