// The server of the gate's benchmark: node:http, with what a change could do to it.
//   --rounds N   CPU work for each request
//   --late N     one request in N is answered 5 ms later
//   --hoard N    bytes that each connection keeps
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const number = { type: 'string', default: '0' };
const { values } = parseArgs({ options: { rounds: number, late: number, hoard: number } });
const [rounds, late, hoard] = ['rounds', 'late', 'hoard'].map((name) => Number(values[name]));

let sink = 0;
let requests = 0;
const server = createServer((_request, response) => {
  for (let i = 0; i < rounds; i++) sink = (Math.imul(sink, 1664525) + 1013904223) >>> 0;
  requests++;
  if (late > 0 && requests % late === 0) setTimeout(() => response.end('Hello, World!'), 5);
  else response.end('Hello, World!');
});
server.on('connection', (socket) => {
  if (hoard > 0) socket.hoard = Buffer.alloc(hoard, 1);
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit());
