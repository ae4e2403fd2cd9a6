// c1m's own io_uring server, the one of `c1m serve`, in a process that keeps an account of itself.
// Prints its port; when its input ends, the account as JSON, and ends.
import { NullServer } from '../../dist/serve/null-server.js';
import { Libc } from '../../dist/uring/libc.js';

const sampleMillis = 50;

const server = new NullServer(await Libc.load(), '127.0.0.1', [0]);
const samples = [];
const sampling = setInterval(() => {
  const { user, system } = process.cpuUsage();
  const { requests, connections } = server;
  samples.push({ atMs: Date.now(), requests, connections, cpuMicros: user + system });
}, sampleMillis);

process.stdin.on('end', () => {
  clearInterval(sampling);
  server.stop();
});
process.stdin.resume();
console.log(server.port);
await server.run();
console.log(JSON.stringify({ requests: server.requests, samples }));
