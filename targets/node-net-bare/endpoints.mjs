import { parseDecimal } from './request.mjs';

const maxSleepMs = 60_000;
const maxCpuRounds = 10_000_000;

/**
 * The answer to a request: `{status, type, body}`, where the body is a string or a
 * Buffer; with `sleepMs`, it is due only after that long.
 */
export function answer(request, body) {
  switch (request.path) {
    case '/plaintext':
      return request.method === 'GET' ? text('Hello, World!') : wrongMethod;
    case '/json':
      return request.method === 'GET' ? json({ message: 'Hello, World!' }) : wrongMethod;
    case '/echo':
      return request.method === 'POST' ? echo(request, body) : wrongMethod;
    case '/health':
      return request.method === 'GET' ? text('ok') : wrongMethod;
  }
  const slash = request.path.lastIndexOf('/') + 1;
  const endpoint = endpointOf(request.path.slice(0, slash));
  if (endpoint === undefined) return unknownPath;
  return request.method === 'GET' ? endpoint(request.path.slice(slash)) : wrongMethod;
}

function endpointOf(prefix) {
  switch (prefix) {
    case '/sleep/':
      return sleep;
    case '/cpu/':
      return cpu;
    case '/users/':
      return user;
  }
}

const badParameter = error(400);
const unknownPath = error(404);
const wrongMethod = error(405);

function error(status) {
  return { status, type: '', body: '', sleepMs: 0 };
}

function text(body) {
  return { status: 200, type: 'text/plain', body, sleepMs: 0 };
}

function json(value) {
  return { status: 200, type: 'application/json', body: JSON.stringify(value), sleepMs: 0 };
}

function echo(request, body) {
  return { status: 200, type: request.contentType || 'application/octet-stream', body, sleepMs: 0 };
}

function user(id) {
  return id === '' ? unknownPath : json({ id, name: `user ${id}` });
}

function sleep(digits) {
  const sleepMs = parseDecimal(digits);
  if (!(sleepMs <= maxSleepMs)) return badParameter;
  return { status: 200, type: 'text/plain', body: 'slept', sleepMs };
}

function cpu(digits) {
  const rounds = parseDecimal(digits);
  if (!(rounds <= maxCpuRounds)) return badParameter;
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return text(String(x >>> 0));
}
