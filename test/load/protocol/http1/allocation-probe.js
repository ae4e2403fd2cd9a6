// Prints, as JSON, the bytes of heap that one call allocates: of the parser and of the encoder. A
// process of its own, with room for all that might be allocated, so that nothing is collected:
//   node --expose-gc --min-semi-space-size=128 --max-semi-space-size=128 allocation-probe.js
import { BodyMatcher } from '../../../../dist/load/protocol/http1/body-matcher.js';
import { compileRequests } from '../../../../dist/load/protocol/http1/request-encoder.js';
import { ResponseParser } from '../../../../dist/load/protocol/http1/response-parser.js';

const WARM_UP = 200_000;
const CALLS = 1_000_000;
const ROUNDS = 3;

function parsing(heads, body, pieces) {
  const responses = heads.map((head) => Buffer.from(`${head}${body}`));
  const parser = new ResponseParser();
  const matcher = new BodyMatcher('world');
  return (call) => {
    const bytes = responses[call % responses.length];
    const step = Math.ceil(bytes.length / pieces);
    parser.reset(false, matcher);
    let status = 0;
    for (let i = 0; i < bytes.length; i += step) {
      status = parser.feed(bytes, i, Math.min(bytes.length, i + step));
    }
    if (status !== 1 || !parser.bodyMatched || !parser.keepAlive) throw new Error('Misread');
  };
}

function encoding(given, alsoForConnection) {
  const expect = { status: null, bodyContains: null };
  const request = { method: 'POST', headers: [], body: null, weight: 1, expect, ...given };
  const data = { columns: ['name'], rows: [['a'], ['bcd'], ['x'.repeat(100)]] };
  const plan = { requests: [request], data, keepAlive: true, seed: 1, userAgent: 'c1m' };
  const origin = { protocol: 'http:', hostname: 'localhost', port: 80, address: '127.0.0.1' };
  const [compiled] = compileRequests(plan, origin);
  const target = compiled.createTarget();
  return (call) => {
    let length = compiled.encode(target, call);
    if (alsoForConnection) length = compiled.bytesFor(0, call).length;
    if (length === 0) throw new Error('Nothing was written');
  };
}

const sized = 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 12\r\n\r\n';
const other = 'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 12\r\n\r\n';
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

const cases = {
  'parse, the same head': parsing([sized], 'Hello world!', 1),
  'parse, different heads': parsing([sized, other], 'Hello world!', 1),
  'parse, in pieces': parsing([sized], 'Hello world!', 7),
  'parse, chunked': parsing([chunked], 'c\r\nHello world!\r\n0\r\nX: y\r\n\r\n', 1),
  'encode, fixed': encoding({ path: '/{seq:8}/{rand:100:999}', body: '{seq:4}' }, true),
  'encode, varying': encoding(
    { path: '/{seq}/{row.name}', body: '{"n":{rand:1:4000000000}}' },
    false,
  ),
};

/** The least of several rounds: V8 may yet compile anew in the first, and boxes numbers until then. */
function leastBytesPerCall(run) {
  for (let call = 0; call < WARM_UP; call += 1) run(call);
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < CALLS; call += 1) run(call);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / CALLS);
  }
  return least;
}

const result = Object.entries(cases).map(([name, run]) => [name, leastBytesPerCall(run)]);
console.log(JSON.stringify(Object.fromEntries(result)));
