import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/c1m.js', import.meta.url));

const c1m = (words) => ({
  name: 'c1m',
  title: 'c1m',
  own: true,
  file: process.execPath,
  before: [command],
  // A load of one thread is bound by the generator, and c1m marks such a result invalid.
  success: [0, 6],
  args: (server) => [
    ...['run', '-q', '--json', '--engine', 'uring', '-t', 1, '-d', `${server.seconds}s`],
    ...words(server),
  ],
  read: (out) => {
    const { load, generator } = JSON.parse(out).targets[0].trials[0];
    return { requests: load.responses, cpuMicrosPerRequest: generator.cpuUsPerRequest };
  },
});

const h2load = (words) => ({
  name: 'h2load',
  args: (server) => ['-t', 1, '-D', server.seconds, ...words(server)],
  read: (out) => ({ requests: Number(/ (\d+) succeeded/.exec(out)[1]) }),
});

const wrk = (words) => ({
  name: 'wrk',
  args: (server) => ['-t', 1, '-d', `${server.seconds}s`, ...words(server)],
  read: (out) => ({ requests: Number(/^\s*(\d+) requests in/m.exec(out)[1]) }),
});

const ghz = (words) => ({
  name: 'ghz',
  args: (server) => ['--cpus', 1, '-z', `${server.seconds}s`, '-O', 'json', ...words(server)],
  read: (out) => ({ requests: JSON.parse(out).count }),
});

const gcannon = (words) => ({
  name: 'gcannon',
  // It keeps a history of its runs at home.
  env: { HOME: tmpdir() },
  args: (server) => ['-t', 1, '-d', `${server.seconds}s`, '--json', ...words(server)],
  read: (out) => ({ requests: JSON.parse(out).ws_frames }),
});

const streams = (most) => (most === 1 ? [] : ['--streams', most]);

const http2 = (secure, connections, most) => ({
  name: `${secure ? 'h2' : 'h2c'}-${connections}x${most}`,
  title: `HTTP/2 ${secure ? 'over TLS' : 'in clear text'}, nginx, ${connections} connections, ${most} at once on each`,
  server: 'nginx',
  secure,
  clients: [
    c1m(({ url }) => ['--http2', '--insecure', '-c', connections, ...streams(most), url]),
    h2load(({ url }) => ['-c', connections, '-m', most, url]),
  ],
});

const method = 'helloworld.Greeter/SayHello';
const grpc = (connections, most) => ({
  name: `grpc-${connections}x${most}`,
  title: `gRPC unary, gRPC-Go, ${connections} connections, ${most} calls at once on each`,
  server: 'grpc',
  clients: [
    c1m(({ url, message }) => [
      ...['--grpc', method, '--body', `@${message}`, '-c', connections, ...streams(most), url],
    ]),
    h2load(({ url, framed }) => [
      ...['-c', connections, '-m', most, '-d', framed],
      ...['-H', 'content-type: application/grpc', '-H', 'te: trailers', `${url}/${method}`],
    ]),
    ghz(({ url, proto }) => [
      ...['--insecure', '--connections', connections, '-c', connections * most],
      ...['--call', method, '--proto', proto, '-d', '{"name":"world"}'],
      url.replace('http://', ''),
    ]),
  ],
});

/** One message at a time on each connection, of as many octets as gcannon's own. */
const websocket = (connections) => ({
  name: `websocket-${connections}`,
  title: `WebSocket echo of 5 octets, Go's net, ${connections} connections`,
  server: 'websocket',
  clients: [
    c1m(({ url }) => ['--body', 'hello', '-c', connections, `${url.replace('http', 'ws')}/`]),
    gcannon(({ url }) => [`${url}/`, '--ws', '--ws-msg', 'hello', '-c', connections]),
  ],
});

/** What is measured, each against one server. */
export const rows = [
  {
    name: 'tls-64',
    title: 'HTTP/1.1 over TLS, nginx, 64 connections',
    server: 'nginx',
    secure: true,
    clients: [c1m(({ url }) => ['--insecure', '-c', 64, url]), wrk(({ url }) => ['-c', 64, url])],
  },
  http2(false, 64, 1),
  http2(false, 64, 10),
  http2(true, 64, 1),
  http2(true, 64, 10),
  grpc(8, 8),
  websocket(64),
  websocket(1000),
];
