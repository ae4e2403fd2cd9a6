import { describe, expect, it } from 'vitest';
import { compile, encoded, ORIGIN } from './planned.js';

const data = {
  columns: ['name', 'key'],
  rows: [
    ['a/b?', 'K1'],
    ['ü x', 'K2'],
    ['', 'K3'],
  ],
};

describe('a request', () => {
  it('has what every request has', () => {
    expect(encoded(compile())).toBe(
      'GET / HTTP/1.1\r\nHost: example.test:8080\r\nUser-Agent: c1m/test\r\nAccept: */*\r\n\r\n',
    );
  });

  it('has the user’s fields in place of those, whatever their case', () => {
    const headers = [
      ['host', 'other'],
      ['USER-AGENT', 'mine'],
      ['Accept', 'a/b'],
      ['X', '1'],
      ['X', '2'],
    ] as const;
    expect(encoded(compile({ headers }))).toBe(
      'GET / HTTP/1.1\r\nhost: other\r\nUSER-AGENT: mine\r\nAccept: a/b\r\nX: 1\r\nX: 2\r\n\r\n',
    );
  });

  it.each([
    ['http:', 'h', 80, 'h'],
    ['http:', 'h', 443, 'h:443'],
    ['https:', 'h', 443, 'h'],
    ['https:', '[::1]', 8443, '[::1]:8443'],
    ['http:', '::1', 80, '[::1]'],
  ] as const)('to %s %s port %i has the host %s', (protocol, hostname, port, host) => {
    const origin = { ...ORIGIN, protocol, hostname, port };
    expect(encoded(compile({ origin }))).toContain(`\r\nHost: ${host}\r\n`);
  });

  it('asks for its origin’s path where it has none of its own', () => {
    expect(encoded(compile({ path: '' }))).toMatch(/^GET \/plaintext HTTP/);
    const origin = { ...ORIGIN, path: '/ready' };
    expect(encoded(compile({ path: '', origin }))).toMatch(/^GET \/ready HTTP/);
    expect(encoded(compile({ path: '/own', origin }))).toMatch(/^GET \/own HTTP/);
  });

  it('asks for a close where connections are not kept, unless the user says otherwise', () => {
    expect(encoded(compile({ keepAlive: false }))).toContain('\r\nConnection: close\r\n');
    const headers = [['connection', 'keep-alive']] as const;
    const own = compile({ keepAlive: false, headers });
    expect(encoded(own).match(/connection: .*/gi)).toEqual(['connection: keep-alive']);
    expect(own.materialize(0).reset).toBe(false);
    expect(compile({ headers: [['Connection', 'close']] }).materialize(0).reset).toBe(true);
  });

  it('says how long its body is, in octets', () => {
    const body = 'grüße';
    expect(encoded(compile({ method: 'POST', body }))).toMatch(
      /\r\nContent-Type: application\/octet-stream\r\nContent-Length: 7\r\n\r\ngrüße$/,
    );
  });

  it('says that it has no body only where one is to be expected', () => {
    expect(encoded(compile({ method: 'POST' }))).toContain('\r\nContent-Length: 0\r\n');
    expect(encoded(compile({ method: 'DELETE' }))).not.toContain('Content-Length');
    expect(encoded(compile({ method: 'DELETE', body: '' }))).toContain('Content-Length: 0');
  });

  it('sends bytes as they are, braces and all', () => {
    const body = Uint8Array.from([0, 255, 13, 10, ...Buffer.from('{seq}')]);
    const request = compile({ method: 'PUT', body });
    const bytes = request.bytesFor(0, 7);
    expect(Buffer.from(bytes.subarray(bytes.length - 9))).toEqual(Buffer.from(body));
    expect(request.materialize(7).body).toEqual(Buffer.from(body));
  });

  it('expects no body only of the answer to HEAD', () => {
    expect(compile({ method: 'HEAD' }).expectsNoBody).toBe(true);
    expect(compile().expectsNoBody).toBe(false);
  });

  it('is the same buffer each time without placeholders', () => {
    const request = compile({ headers: [['X', '{{seq}']] });
    expect(request.bytesFor(0, 1)).toBe(request.bytesFor(5, 2));
    expect(Buffer.from(request.bytesFor(0, 1)).toString()).toContain('X: {seq}\r\n');
    expect(request.materialize(1)).toBe(request.materialize(2));
  });
});

describe('a request that cannot go on the wire', () => {
  it.each([
    [{ path: 'x' }, 'must begin with "/"'],
    [{ path: '{seq}' }, 'must begin with "/"'],
    [{ path: '/a b' }, 'no spaces'],
    [{ path: '/a\r\nX: y' }, 'no spaces or control characters'],
    [{ path: '/ü' }, 'percent-encode'],
    [{ path: '/{seq}#x' }, 'fragment'],
    [{ path: '/{sex}' }, 'Did you mean {seq}?'],
    [{ method: 'G T' }, '"G T" is not an HTTP method'],
    [{ method: 'CONNECT' }, 'tunnel'],
    [{ headers: [['X y', '']] }, '"X y" is not the name of a header'],
    [{ headers: [['', '']] }, 'is not the name of a header'],
    [{ headers: [['X', 'a\r\nY: b']] }, '"X" must hold no line breaks'],
    [{ headers: [['X', 'a\nb']] }, 'no line breaks'],
    [{ headers: [['X', 'a\0b']] }, 'control characters'],
    [{ headers: [['content-length', '5']] }, 'c1m frames the body itself'],
    [{ headers: [['Transfer-Encoding', 'chunked']] }, 'remove the header "Transfer-Encoding"'],
    [
      {
        headers: [
          ['Host', 'a'],
          ['host', 'b'],
        ],
      },
      'given twice',
    ],
    [{ path: '/{row.name}' }, 'there is no data'],
    [{ path: '/{row.a}', data: { columns: ['a'], rows: [] } }, 'has no rows'],
  ] as const)('is refused: %j', (wanted, message) => {
    expect(() => compile(wanted)).toThrow(message);
  });

  it('is refused for a cell that would write a header of its own', () => {
    const injected = { columns: ['a'], rows: [['fine'], ['x\r\nEvil: yes']] };
    expect(() => compile({ headers: [['X', '{row.a}']], data: injected })).toThrow(
      '{row.a}: row 2 holds a line break',
    );
    expect(encoded(compile({ path: '/{row.a}', data: injected }), 1)).toContain(
      'GET /x%0D%0AEvil%3A%20yes HTTP/1.1\r\n',
    );
  });
});

describe('placeholders', () => {
  it('number the requests, zero-padded to a width or as they come', () => {
    const request = compile({ path: '/{seq}/{seq:4}' });
    expect(encoded(request, 0)).toContain('GET /0/0000 ');
    expect(encoded(request, 42)).toContain('GET /42/0042 ');
    expect(encoded(request, 123_456)).toContain('GET /123456/3456 ');
    expect(encoded(request, Number.MAX_SAFE_INTEGER)).toContain('GET /9007199254740991/0991 ');
  });

  it('take rows in turn, percent-encoded in a path and as they are elsewhere', () => {
    const request = compile({
      method: 'POST',
      path: '/{row.name}',
      headers: [['X', '{row.key}-{row.name}']],
      body: '{row.name}',
      data,
    });
    expect(encoded(request, 0)).toMatch(/^POST \/a%2Fb%3F [^]*X: K1-a\/b\?\r\n[^]*\r\n\r\na\/b\?$/);
    expect(encoded(request, 4)).toMatch(/^POST \/%C3%BC%20x [^]*X: K2-ü x\r\n[^]*\r\n\r\nü x$/);
    expect(encoded(request, 5)).toMatch(/^POST \/ [^]*Content-Length: 0\r\n\r\n$/);
  });

  it('draw every number of a range about equally often, both ends included', () => {
    const request = compile({ path: '/{rand:1:10}' });
    const counts = new Map<string, number>();
    for (let sequence = 0; sequence < 10_000; sequence += 1) {
      const path = request.materialize(sequence).path;
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(
      Array.from({ length: 10 }, (_, i) => `/${i + 1}`).sort(),
    );
    // Chi-square with 9 degrees of freedom: above 33.7 once in 10,000 seeds.
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(33.7);
  });

  it('draw the same numbers for the same seed, others for another, and apart from each other', () => {
    const path = '/{rand:0:999999}/{rand:0:999999}';
    const draw = (seed: number, sequence: number) =>
      compile({ path, seed }).materialize(sequence).path;
    expect(draw(1, 5)).toBe(draw(1, 5));
    expect(new Set([draw(1, 5), draw(2, 5), draw(1, 6), draw(1, 5 + 2 ** 32)]).size).toBe(4);
    const [, first, second] = draw(1, 5).split('/');
    expect(first).not.toBe(second);
  });

  it('of a fixed width are overwritten in a buffer of the connection’s own', () => {
    const request = compile({ path: '/{seq:6}/{rand:100:999}', body: '{row.key}', data });
    const first = request.bytesFor(1, 1);
    const second = request.bytesFor(2, 2);
    expect(Buffer.from(first).toString()).toBe(encoded(request, 1));
    expect(Buffer.from(second).toString()).toBe(encoded(request, 2));
    expect(request.bytesFor(1, 3)).toBe(first);
    expect(Buffer.from(first).toString()).toBe(encoded(request, 3));
  });

  it('of varying width give bytes that stay', () => {
    const request = compile({ path: '/{seq}' });
    const first = request.bytesFor(1, 1);
    request.bytesFor(1, 1000);
    expect(Buffer.from(first).toString()).toBe(encoded(request, 1));
  });

  it('keep Content-Length true where the body varies', () => {
    const request = compile({ method: 'POST', body: '{"id":{seq},"n":{rand:1:100000}}' });
    for (const sequence of [0, 9, 10, 99_999_999_999]) {
      const [head, body] = encoded(request, sequence).split('\r\n\r\n');
      expect(head).toContain(`\r\nContent-Length: ${body!.length}`);
      expect(JSON.parse(body!)).toMatchObject({ id: sequence });
    }
  });

  it('never write more than was promised', () => {
    const request = compile({ path: '/{seq}', body: '{seq}{row.name}{rand:0:9999}', data });
    const target = request.createTarget();
    expect(target).toHaveLength(request.maxBytes);
    const length = request.encode(target, Number.MAX_SAFE_INTEGER);
    expect(length).toBeLessThanOrEqual(request.maxBytes);
  });
});
