import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { BuiltTarget } from '../build.js';
import type { RunningTarget } from '../launch.js';
import { freePort } from '../free-port.js';
import { OutputTail } from '../../process/output-tail.js';
import { spawnTarget } from '../target-process.js';
import { demand, RawConnection } from './raw-connection.js';
import { RawWebSocket } from './raw-web-socket.js';
import { openAsker, type Subject } from './subject.js';

const host = '127.0.0.1';

/** What the contract says of the process; the last rule ends the running one. */
interface ProcessRule {
  rule: string;
  /** Only for servers that list /probe. */
  probe?: true;
  verify: (running: RunningTarget, subject: Subject) => Promise<void>;
}

export const processRules: ProcessRule[] = [
  {
    rule: 'It prints one line at the most, whatever clients do',
    verify: async (running) => {
      await sleep(50);
      const text = running.output();
      demand(text.split('\n').length <= 1, `it printed:\n${text.slice(-1000)}`);
    },
  },
  {
    rule: 'A port that is taken ends it at once, with a line on stderr',
    verify: async ({ built }) => {
      await withTakenPort((port) => expectRefusal(built, port, `port ${port} was taken`));
    },
  },
  {
    rule: 'A PROBE_PORT that is taken, or bad, ends it at once, with a line on stderr',
    probe: true,
    verify: async ({ built }) => {
      const port = await freePort(host);
      await withTakenPort((taken) =>
        expectRefusal(built, port, `PROBE_PORT ${taken} was taken`, taken),
      );
      await expectRefusal(built, port, 'PROBE_PORT was 70000', 70_000);
    },
  },
  {
    rule: 'A bad PORT ends it at once, with a line on stderr',
    verify: async ({ built }) => {
      // Not `http` or the like: to some runtimes that is the name of a port.
      for (const port of ['no-port', '70000']) await expectRefusal(built, port, `PORT was ${port}`);
    },
  },
  {
    rule: 'SIGTERM ends it within 2 s, whatever is connected or in flight',
    verify: async (running, subject) => {
      const { url, serves } = subject;
      const open = { sleep: '/sleep/60000', events: '/events/10000/100' } as const;
      const connections: { close(): void }[] = [await RawConnection.open(url)];
      for (const [endpoint, path] of Object.entries(open)) {
        if (!serves.includes(endpoint as keyof typeof open)) continue;
        const connection = await openAsker(subject);
        connection.get(path).catch(() => undefined);
        connections.push(connection);
      }
      if (serves.includes('websocket')) connections.push(await RawWebSocket.open(url, '/ws'));
      await sleep(50);
      process.kill(running.pids[0]!, 'SIGTERM');
      const ended = await Promise.race([running.exited, sleep(2_000, null, { ref: false })]);
      for (const connection of connections) connection.close();
      demand(ended !== null, 'it was still there 2 s after SIGTERM');
    },
  },
];

async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  try {
    await work(typeof address === 'object' ? address!.port : 0);
  } finally {
    server.close();
  }
}

/** The limit is generous: a JVM takes its time on a busy machine. */
async function expectRefusal(
  built: BuiltTarget,
  port: number | string,
  why: string,
  probePort: number | null = null,
) {
  const process = await spawnTarget(built, port, { host, probePort });
  const errors = new OutputTail();
  errors.follow(process.child.stderr);
  process.child.stdout?.resume();
  const exit = await Promise.race([process.exited, sleep(10_000, null, { ref: false })]);
  await process.end(0);
  demand(exit !== null, `it was still running after 10 s though ${why}`);
  demand(exit.code !== 0, `its exit code was 0 though ${why}`);
  const lines = errors.text().split('\n');
  demand(errors.text() !== '', `it said nothing on stderr though ${why}`);
  demand(lines.length === 1, `it said more than one line though ${why}:\n${errors.text()}`);
}
