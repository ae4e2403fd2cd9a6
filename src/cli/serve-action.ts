import net from 'node:net';
import { parsePortRange } from '../config/port-range.js';
import { ConfigError } from '../basis/problem.js';
import { HttpAnswers } from '../serve/http-answers.js';
import { NullServer } from '../serve/null-server.js';
import { WebSocketAnswers } from '../serve/websocket-answers.js';
import { Libc } from '../uring/libc.js';
import { exitCodes } from './exit-codes.js';
import { done, type Outcome } from './outcome.js';
import { requireUring } from './require-uring.js';

export interface ServeFlags {
  readonly ports: string;
  readonly host: string;
  readonly websocket?: true;
}

export async function serveAction(flags: ServeFlags, signal: AbortSignal): Promise<Outcome> {
  await requireUring('serve');
  const ports = readPorts(flags.ports);
  const host = readHost(flags.host);
  const libc = await Libc.load();
  const isWebSocket = flags.websocket === true;
  const answers = isWebSocket ? new WebSocketAnswers(libc) : new HttpAnswers(libc);
  const server = new NullServer(libc, host, ports, answers);
  signal.addEventListener('abort', () => server.stop(), { once: true });
  process.stdout.write(
    `Serving ${isWebSocket ? 'ws' : 'http'}://${net.isIPv6(host) ? `[${host}]` : host}:${flags.ports}/, until Ctrl-C\n`,
  );
  await server.run();
  process.stdout.write(`Served ${server.requests.toLocaleString('en')} requests\n`);
  return done(exitCodes.interrupted);
}

function readHost(written: string): string {
  if (net.isIP(written) !== 0 && !written.includes('%')) return written;
  const message = `"${written}" is not an IP address`;
  const remedy = 'Give one of this host: 127.0.0.1, ::1, or 0.0.0.0 for all of them.';
  throw new ConfigError([{ where: '--host', message, remedy }]);
}

function readPorts(written: string): number[] {
  const ports = parsePortRange(written);
  if (ports !== null) return ports;
  const message = `"${written}" is neither a port nor a range of ports`;
  const remedy = 'Give ports between 1 and 65535, such as 9100, 9100-9161 or 80,9100-9110.';
  throw new ConfigError([{ where: '--ports', message, remedy }]);
}
