// What the parser and the encoder cost per response and request, in nanoseconds: the least of many
// short rounds, so that other processes on the machine disturb it little.
// Run: npm run build && node benchmarks/http1.js
import { BodyMatcher } from '../dist/load/protocol/http1/body-matcher.js';
import { compileRequests } from '../dist/load/protocol/http1/request-encoder.js';
import { ResponseParser } from '../dist/load/protocol/http1/response-parser.js';

const ROUNDS = 60;
const CALLS_PER_ROUND = 50_000;

const small =
  'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Type: text/plain\r\n\r\nHello world!';
const nginx =
  'HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nDate: Mon, 24 Nov 2025 08:00:00 GMT\r\n' +
  'Content-Type: text/plain\r\nContent-Length: 12\r\n' +
  'Last-Modified: Mon, 24 Nov 2025 07:00:00 GMT\r\nConnection: keep-alive\r\n' +
  'ETag: "6543-c"\r\nAccept-Ranges: bytes\r\n\r\nHello world!';
const chunked =
  'HTTP/1.1 200 OK\r\nDate: Mon, 24 Nov 2025 08:00:00 GMT\r\nContent-Type: text/plain\r\n' +
  'Transfer-Encoding: chunked\r\n\r\nc\r\nHello world!\r\n0\r\n\r\n';

/** Reads the same responses again and again; with several, no head is like the last. */
function parsing(texts, matcher = null) {
  const responses = texts.map((text) => Buffer.from(text));
  const parser = new ResponseParser();
  return (call) => {
    const bytes = responses[call % responses.length];
    parser.reset(false, matcher);
    if (parser.feed(bytes, 0, bytes.length) !== 1) throw new Error('Not a complete response');
  };
}

function encoding(given) {
  const request = {
    method: 'GET',
    path: '/',
    headers: [],
    body: null,
    weight: 1,
    expect: { status: null, bodyContains: null },
    stream: null,
    ...given,
  };
  const rows = Array.from({ length: 1000 }, (_, i) => [`user-${i}`]);
  const data = { columns: ['name'], rows };
  const plan = { requests: [request], data, keepAlive: true, seed: 1, userAgent: 'c1m' };
  const origin = { protocol: 'http:', hostname: 'localhost', port: 8080, address: '127.0.0.1' };
  const [compiled] = compileRequests(plan, origin);
  const target = compiled.createTarget();
  return (call) => {
    if (compiled.encode(target, call) === 0) throw new Error('Nothing was written');
  };
}

const variants = (text) => ['A', 'B'].map((id) => text.replace('\r\n', `\r\nX-Id: ${id}\r\n`));
const cases = {
  'parse, 65-byte head like the last': parsing([small]),
  'parse, 75-byte head unlike the last': parsing(variants(small)),
  'parse, 232-byte head like the last (nginx)': parsing([nginx]),
  'parse, 241-byte head unlike the last': parsing(variants(nginx)),
  'parse, chunked': parsing([chunked]),
  'parse, body must contain "world"': parsing([small], new BodyMatcher('world')),
  'encode, no placeholders': encoding({}),
  'encode, {seq:8}': encoding({ path: '/item/{seq:8}' }),
  'encode, {seq}': encoding({ path: '/item/{seq}' }),
  'encode, {rand:1:1000} and {row.name}': encoding({ path: '/{row.name}?n={rand:1:1000}' }),
  'encode, POST {"id":{seq}}': encoding({ method: 'POST', body: '{"id":{seq}}' }),
};

function leastNanoseconds(run) {
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS_PER_ROUND; call += 1) run(call);
    least = Math.min(least, Number(process.hrtime.bigint() - start) / CALLS_PER_ROUND);
  }
  return least;
}

for (const [name, run] of Object.entries(cases)) {
  console.log(`${leastNanoseconds(run).toFixed(0).padStart(6)} ns  ${name}`);
}
