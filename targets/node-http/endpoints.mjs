import { readBody } from './body.mjs';
import { EventStream } from './event-stream.mjs';

const maxSleepMs = 60_000;
const maxCpuRounds = 10_000_000;
const maxEvents = 10_000;
const maxEventPaceMs = 60_000;

/**
 * The request listener, of node:http and of node:http2: exact paths, then those whose first part is
 * followed by parameters.
 */
export function answer(request, response) {
  const path = pathOf(request.url);
  const slash = path.indexOf('/', 1) + 1;
  const route = routes[path] ?? routes[path.slice(0, slash) + ':'];
  if (request.httpVersionMajor === 0) {
    sendError(response, 400); // node takes a line without a version for HTTP/0.9
  } else if (route === undefined) {
    sendError(response, 404);
  } else if (request.method !== route.method) {
    response.setHeader('Allow', route.method);
    sendError(response, 405);
  } else {
    route.endpoint(request, response, path.slice(slash));
  }
}

/** Without a prototype, so that no path finds a property of Object's. */
const routes = {
  __proto__: null,
  '/plaintext': { method: 'GET', endpoint: plaintext },
  '/json': { method: 'GET', endpoint: greeting },
  '/echo': { method: 'POST', endpoint: echo },
  '/health': { method: 'GET', endpoint: health },
  '/sleep/:': { method: 'GET', endpoint: sleep },
  '/cpu/:': { method: 'GET', endpoint: cpu },
  '/users/:': { method: 'GET', endpoint: user },
  '/events/:': { method: 'GET', endpoint: events },
};

export function pathOf(url) {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function plaintext(request, response) {
  send(response, 'text/plain', 'Hello, World!');
}

function health(request, response) {
  send(response, 'text/plain', 'ok');
}

function greeting(request, response) {
  sendJson(response, { message: 'Hello, World!' });
}

function user(request, response, id) {
  if (id === '' || id.includes('/')) sendError(response, 404);
  else sendJson(response, { id, name: `user ${id}` });
}

function echo(request, response) {
  readBody(request, (body) => {
    if (body === undefined) {
      // A connection of HTTP/2 goes on.
      if (request.httpVersionMajor === 1) response.setHeader('Connection', 'close');
      sendError(response, 413);
    } else {
      send(response, request.headers['content-type'] ?? 'application/octet-stream', body);
    }
  });
}

function sleep(request, response, digits) {
  const ms = parseDecimal(digits);
  if (ms <= maxSleepMs) setTimeout(() => send(response, 'text/plain', 'slept'), ms);
  else sendError(response, 400);
}

function cpu(request, response, digits) {
  const rounds = parseDecimal(digits);
  if (!(rounds <= maxCpuRounds)) {
    sendError(response, 400);
    return;
  }
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  send(response, 'text/plain', String(x >>> 0));
}

function events(request, response, parameters) {
  const [count, paceMs = 0, ...others] = parameters.split('/').map(parseDecimal);
  const valid = count >= 1 && count <= maxEvents && paceMs <= maxEventPaceMs;
  if (valid && others.length === 0) new EventStream(response, count, paceMs).start();
  else sendError(response, 400);
}

/** Digits only; NaN otherwise. */
function parseDecimal(text) {
  return /^[0-9]+$/.test(text) ? Number(text) : NaN;
}

function sendJson(response, value) {
  send(response, 'application/json', JSON.stringify(value));
}

function send(response, type, body) {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function sendError(response, status) {
  response.writeHead(status, { 'Content-Length': 0 });
  response.end();
}
