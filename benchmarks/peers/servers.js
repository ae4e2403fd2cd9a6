import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Each run has a new server on a new port, so that nothing is left of the run before. */
const start = async (cpu, command) => {
  const child = spawn('taskset', ['-c', String(cpu), ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${command.join(' ')} has ended before it served`);
  });
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const ports = line.toString().trim().split(' ');
  return { child, ports, url: `http://127.0.0.1:${ports[0]}/` };
};

/** c1m's io_uring server. `stop` gives what it served, and samples of that over time. */
export async function startNullServer(cpu) {
  const script = fileURLToPath(new URL('./null-server.js', import.meta.url));
  const { child, url } = await start(cpu, [process.execPath, script]);
  return {
    url,
    stop: async () => {
      child.stdin.end();
      return JSON.parse(await text(child.stdout));
    },
  };
}

/** The server of known delays. `stop` gives how many requests it served, and its own p99 of them. */
export async function startDelayServer(cpu, file) {
  const { child, ports, url } = await start(cpu, [file]);
  return {
    url,
    stop: async () => {
      const nanos = await (await fetch(`http://127.0.0.1:${ports[1]}/`)).json();
      child.kill('SIGKILL');
      return { requests: nanos.length, p99Us: nanos[Math.ceil(0.99 * nanos.length) - 1] / 1000 };
    },
  };
}
