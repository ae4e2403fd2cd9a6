import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const text = 'Hello, World!';
const proto = fileURLToPath(new URL('./grpc-go/helloworld.proto', import.meta.url));
const patienceMs = 10_000;

/** The servers that are loaded, each on the server's CPU, from when it is first asked for. */
export async function openServers({ folder, serverCpu }) {
  const running = [];
  const started = new Map();
  const start = async (port, command) => {
    const child = spawn('taskset', ['-c', String(serverCpu), ...command], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    running.push(child);
    await accepting(port);
    return child.pid;
  };
  const nginx = async () => {
    const [plain, secure] = [await freePort(), await freePort()];
    const config = layNginx(folder, plain, secure);
    const command = ['nginx', '-p', folder, '-c', config, '-g', 'daemon off;'];
    const pid = await start(secure, command);
    return { pid, plain: `http://127.0.0.1:${plain}/`, secure: `https://127.0.0.1:${secure}/` };
  };
  const ofGo = (name) => async () => {
    const port = await freePort();
    const source = fileURLToPath(new URL(`./${name}`, import.meta.url));
    const file = join(folder, name);
    execFileSync('go', ['build', '-o', file, '.'], { cwd: source, stdio: 'inherit' });
    const pid = await start(port, [file, `127.0.0.1:${port}`]);
    return { pid, plain: `http://127.0.0.1:${port}` };
  };
  const makers = { nginx, grpc: ofGo('grpc-go'), websocket: ofGo('websocket-go') };
  return {
    of: async ({ server, secure = false }) => {
      if (!started.has(server)) started.set(server, await makers[server]());
      const { pid, [secure ? 'secure' : 'plain']: url } = started.get(server);
      return { pid, url, ...layMessages(folder) };
    },
    close: () => {
      for (const child of running) child.kill('SIGTERM');
    },
  };
}

/** HelloRequest {name: "world"}: as it is, and with gRPC's prefix before it. */
function layMessages(folder) {
  const message = join(folder, 'message');
  const framed = join(folder, 'framed');
  const octets = Buffer.from([0x0a, 5, ...Buffer.from('world')]);
  writeFileSync(message, octets);
  writeFileSync(framed, Buffer.from([0, 0, 0, 0, octets.length, ...octets]));
  return { message, framed, proto };
}

function layNginx(folder, plain, secure) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const made = ['-x509', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', ...curve, ...made], { stdio: 'ignore' });
  const file = join(folder, 'nginx.conf');
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(
    file,
    `worker_processes 1;
error_log stderr crit;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path ${folder}; proxy_temp_path ${folder};
  fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${plain} http2;
    listen 127.0.0.1:${secure} ssl http2;
    ssl_certificate ${cert};
    ssl_certificate_key ${key};
    location / { default_type text/plain; return 200 '${text}'; }
  }
}
`,
  );
  return file;
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function accepting(port) {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(20)) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
  }
  throw new Error(`nothing listens on port ${port}`);
}
