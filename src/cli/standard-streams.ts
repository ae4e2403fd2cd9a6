import { closeSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

import { kindOfDescriptor } from '../process/place-kind.js';

/** Standard output and error, which may end before c1m does: then printing ends, and nothing else. */
interface StandardStreams {
  /** Resolves once all that was printed is written, or lost. */
  flushed(): Promise<void>;
  /** Something was printed on standard output that whoever waits for it will miss. */
  isOutputLost(): boolean;
}

/**
 * Keeps c1m going where they cannot be written to. A reader that has seen enough (`| head`) and a
 * terminal that was closed are no faults; any other is said once, on standard error.
 */
export function guardStandardStreams(): StandardStreams {
  const { stdout, stderr } = process;
  let outputLost = false;
  // There is no other place to say it.
  stderr.on('error', () => undefined);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (outputLost || readerLeft(stdout, error)) return;
    outputLost = true;
    stderr.write(`Standard output could not be written: ${error.message}\n`);
  });
  if (kindOfDescriptor(1) === 'file') writeAll(stdout, 1);
  if (kindOfDescriptor(2) === 'file') writeAll(stderr, 2);
  letGoAtExit([0, 1, 2].filter((fd) => isatty(fd)));
  return {
    flushed: async () => {
      await new Promise<void>((resolve) => void stdout.write('', () => resolve()));
      // The error is told after the write that it is of.
      await new Promise((resolve) => setImmediate(resolve));
    },
    isOutputLost: () => outputLost,
  };
}

function readerLeft(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): boolean {
  if (code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED') return true;
  return code === 'EIO' && stream.isTTY;
}

/** Node writes to a file once, and takes the part that a full disk still holds for all (v20, v24). */
function writeAll(stream: NodeJS.WriteStream, fd: number): void {
  stream._write = (chunk: Buffer, _encoding, done) => {
    try {
      for (let rest = chunk; rest.length > 0;) {
        rest = rest.subarray(writeSync(fd, rest));
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}

/**
 * When it ends, Node gives terminals their settings back, and aborts with a core dump where one is gone
 * (`ResetStdio`, v20): so it must not find that one again.
 */
function letGoAtExit(terminals: readonly number[]): void {
  process.on('exit', () => {
    for (const fd of terminals) {
      if (isatty(fd)) continue;
      closeSync(fd);
      // It gets the lowest number that is free: the same.
      openSync('/dev/null', 'r+');
    }
  });
}
