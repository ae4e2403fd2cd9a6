import { describe, expect, it } from 'vitest';
import { BodyMatcher } from '../../../../src/load/protocol/http1/body-matcher.js';
import { MAX_HEAD_BYTES } from '../../../../src/load/protocol/http1/head-parser.js';
import {
  ParseStatus,
  ResponseParser,
} from '../../../../src/load/protocol/http1/response-parser.js';
import { head, read } from './reading.js';

const OK = 'HTTP/1.1 200 OK';

describe('a body', () => {
  it('has the length that Content-Length says, whatever the case of the name', () => {
    const reading = read(`${head(OK, 'cOnTeNt-LeNgTh: 5', 'Server: x')}hello`);
    expect(reading).toMatchObject({ outcome: 'complete', status: 200, bodyBytes: 5 });
    expect(reading).toMatchObject({ keepAlive: true, failure: null });
  });

  it('ends before the octets of a next response', () => {
    const first = `${head(OK, 'Content-Length: 5')}hello`;
    expect(read(`${first}${head('HTTP/1.1 404 Not Found')}`).used).toBe(first.length);
  });

  it('is absent from answers to HEAD, whatever their fields say', () => {
    for (const field of ['Content-Length: 500', 'Transfer-Encoding: chunked', 'X: y']) {
      const reading = read(head(OK, field), { expectsNoBody: true });
      expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 0, keepAlive: true });
    }
  });

  it.each([204, 304])('is absent from a %i, whatever its fields say', (status) => {
    const reading = read(head(`HTTP/1.1 ${status} X`, 'Content-Length: 500'));
    expect(reading).toMatchObject({ outcome: 'complete', status, bodyBytes: 0, keepAlive: true });
  });

  it('goes on to the close without a length, and the connection is not used again', () => {
    const text = `${head(OK)}hello`;
    expect(read(text)).toMatchObject({ outcome: 'needMore' });
    expect(read(text, { eof: true })).toMatchObject({
      outcome: 'complete',
      bodyBytes: 5,
      keepAlive: false,
    });
  });

  it('goes on to the close after a transfer coding that does not end in chunked', () => {
    for (const coding of ['gzip', 'chunked, gzip', 'chunked;q=1', 'x;a="b, chunked"']) {
      const reading = read(`${head(OK, `Transfer-Encoding: ${coding}`)}5\r\nhello`, { eof: true });
      expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 8, keepAlive: false });
    }
  });

  it('may be longer than a 32-bit number can say', () => {
    const parser = new ResponseParser();
    const bytes = Buffer.from(head(OK, 'Content-Length: 9007199254740991'));
    parser.reset(false);
    expect(parser.feed(bytes, 0, bytes.length)).toBe(ParseStatus.needMore);
    expect(parser.failure).toBeNull();
  });
});

describe('Content-Length', () => {
  it.each(['5, 5', '5,5', '5\r\nContent-Length: 5', '05', ' 5 ', '\r\n 5'])(
    'may be written as %j',
    (value) => {
      const reading = read(`${head(OK, `Content-Length:${value}`)}hello`);
      expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 5 });
    },
  );

  it.each([
    '5, 6',
    '5\r\nContent-Length: 6',
    '',
    '-5',
    '+5',
    '5 5',
    '0x5',
    '5.0',
    '5,',
    '9007199254740992',
    '99999999999999999999999',
    '5\r\n 5',
  ])('is malformed as %j', (value) => {
    expect(read(`${head(OK, `Content-Length: ${value}`)}hello`).failure).toBe('malformed');
  });

  it('yields to Transfer-Encoding, and such a connection is not used again', () => {
    for (const fields of [
      ['Content-Length: 3', 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', 'Content-Length: 3'],
    ]) {
      const reading = read(`${head(OK, ...fields)}5\r\nhello\r\n0\r\n\r\n`);
      expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 5, keepAlive: false });
    }
  });

  it('is not seen in names that begin or end like it', () => {
    for (const name of [
      'Content-Length-X',
      'X-Content-Length',
      'Content-Lengt',
      'Contenx-Length',
    ]) {
      expect(read(head(OK, `${name}: 5`))).toMatchObject({ outcome: 'needMore', failure: null });
    }
  });
});

describe('a chunked body', () => {
  const chunked = head(OK, 'Transfer-Encoding: gzip, ChunKed');

  it('is the sum of its chunks, extensions and trailers left out', () => {
    const body =
      '5;a=b;c="d"\r\nhello\r\n000A  \r\n0123456789\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n';
    const reading = read(`${chunked}${body}rest`);
    expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 15, keepAlive: true });
    expect(reading.used).toBe(chunked.length + body.length);
  });

  it('may end its lines with LF alone', () => {
    const reading = read(`${chunked}5\nhello\n0\n\n`);
    expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 5 });
  });

  it.each([
    '\r\n',
    ';a\r\n',
    'g\r\n',
    '5 5\r\nhello\r\n',
    '5\rhello',
    '5\r\nhello0\r\n\r\n',
    '5\r\nhello\r0\r\n\r\n',
    '20000000000000\r\n',
    'ffffffffffffffffffffffff\r\n',
    '-1\r\n',
    '0\r\n folded\r\n\r\n',
    '0\r\nno colon\r\n\r\n',
  ])('is malformed as %j', (body) => {
    expect(read(`${chunked}${body}`).failure).toBe('malformed');
  });

  it('is truncated wherever the connection closes before its last line', () => {
    const body = '5\r\nhello\r\n0\r\nX: y\r\n\r\n';
    for (let length = 0; length < body.length; length += 1) {
      const reading = read(`${chunked}${body.slice(0, length)}`, { eof: true });
      expect(reading).toMatchObject({ outcome: 'failed', failure: 'truncated' });
    }
  });
});

describe('an interim response', () => {
  it('is skipped, with all that it said', () => {
    const interim = head('HTTP/1.1 100 Continue') + head('HTTP/1.1 103 X', 'Connection: close');
    const final = head(OK, 'Content-Length: 2');
    const reading = read(`${interim}${final}ok`);
    expect(reading).toMatchObject({ status: 200, bodyBytes: 2, keepAlive: true });
    expect(reading.headBytes).toBe(interim.length + final.length);
  });

  it('that is never followed by a final one is truncated', () => {
    const reading = read(head('HTTP/1.1 100 Continue'), { eof: true });
    expect(reading.failure).toBe('truncated');
  });

  it('that switches protocols is final, and ends HTTP on the connection', () => {
    const reading = read(head('HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket'));
    expect(reading).toMatchObject({ outcome: 'complete', status: 101, keepAlive: false });
  });
});

describe('a connection is used again', () => {
  it.each([
    ['HTTP/1.1', [], true],
    ['HTTP/1.1', ['Connection: close'], false],
    ['HTTP/1.1', ['connection: CLOSE'], false],
    ['HTTP/1.1', ['Connection: keep-alive, x, close'], false],
    ['HTTP/1.1', ['Connection: keep-alive', 'Connection: close'], false],
    ['HTTP/1.1', ['Connection:\r\n close'], false],
    ['HTTP/1.1', ['Connection: closed, clos, xclose'], true],
    ['HTTP/1.1', ['Connection: "close'], true],
    ['HTTP/1.1', ['Connections: close'], true],
    ['HTTP/1.1', ['Proxy-Connection: close'], true],
    ['HTTP/1.0', [], false],
    ['HTTP/1.0', ['Connection: Keep-Alive'], true],
    ['HTTP/1.0', ['Connection: , keep-alive ,'], true],
    ['HTTP/1.0', ['Connection: keep-alive, close'], false],
    ['HTTP/1.0', ['Connection: keep-alive', 'Transfer-Encoding: chunked'], false],
    ['HTTP/1.2', [], true],
  ] as const)('after %s with %j: %s', (version, fields, expected) => {
    const chunked = fields.some((field) => field.startsWith('Transfer'));
    const length = chunked ? [] : ['Content-Length: 0'];
    const text = head(`${version} 200 OK`, ...fields, ...length) + (chunked ? '0\r\n\r\n' : '');
    expect(read(text)).toMatchObject({ outcome: 'complete', keepAlive: expected });
  });
});

describe('a status line', () => {
  it.each(['HTTP/1.1 200 OK', 'HTTP/1.1 200 ', 'HTTP/1.1 200', 'HTTP/1.0 200 \xfc\t!', OK])(
    'may be %j',
    (line) => {
      expect(read(head(line, 'Content-Length: 0'))).toMatchObject({
        outcome: 'complete',
        status: 200,
      });
    },
  );

  it.each([
    'HTTP/2 200 OK',
    'HTTP/2.0 200 OK',
    'http/1.1 200 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 099 OK',
    'HTTP/1.1 2x0 OK',
    'HTTP/1.x 200 OK',
    'HTTP/1.1\t200 OK',
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\rK',
    ' HTTP/1.1 200 OK',
    '\r\nHTTP/1.1 200 OK',
    'SSH-2.0-OpenSSH_9.2',
    '',
  ])('is malformed as %j', (line) => {
    expect(read(head(line, 'Content-Length: 0')).failure).toBe('malformed');
  });
});

describe('a header', () => {
  it('may end its lines with LF alone', () => {
    const reading = read('HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nok');
    expect(reading).toMatchObject({ outcome: 'complete', bodyBytes: 2, keepAlive: false });
  });

  it('may fold a value over lines', () => {
    const reading = read(head(OK, 'X: a\r\n b\r\n\tc', 'Content-Length: 0'));
    expect(reading.outcome).toBe('complete');
  });

  it.each([
    'No colon',
    ': no name',
    'Space : before colon',
    'X: nul\0',
    'X: carriage\rreturn',
    'Connection: nul\0',
    'Content-Length: 0\rX',
    'Content\rLength: 0',
    'N\xe4me: x',
  ])('is malformed with the line %j', (line) => {
    expect(read(head(OK, line)).failure).toBe('malformed');
  });

  it('is malformed where a folded line has nothing to go on with', () => {
    expect(read(head(OK, ' folded: yes')).failure).toBe('malformed');
  });

  it('may have as many octets as the limit, and none more', () => {
    const rest = head(OK, 'Content-Length: 0', 'X: ').length;
    const fits = head(OK, 'Content-Length: 0', `X: ${'x'.repeat(MAX_HEAD_BYTES - rest)}`);
    const tooLong = head(OK, 'Content-Length: 0', `X: ${'x'.repeat(MAX_HEAD_BYTES - rest + 1)}`);
    expect(fits).toHaveLength(MAX_HEAD_BYTES);
    expect(read(fits).outcome).toBe('complete');
    expect(read(tooLong).failure).toBe('head-too-large');
    expect(read(tooLong, { cuts: [20, 40_000, 60_000] }).failure).toBe('head-too-large');
  });

  it('may not go round the limit by interim responses or trailers', () => {
    const long = `X: ${'x'.repeat(40_000)}`;
    const interim = head('HTTP/1.1 103 X', long);
    expect(read(interim + interim).failure).toBe('head-too-large');
    const trailers = `0\r\n${long}\r\n\r\n`;
    expect(read(head(OK, 'Transfer-Encoding: chunked', long) + trailers).failure).toBe(
      'head-too-large',
    );
  });
});

describe('the end of a connection', () => {
  it('before the first octet is told from one within a response', () => {
    expect(read('', { eof: true }).failure).toBe('closed-before-response');
    for (const text of ['H', OK, head(OK, 'Content-Length: 1')]) {
      expect(read(text, { eof: true })).toMatchObject({ outcome: 'failed', failure: 'truncated' });
    }
  });

  it('changes nothing once a response is complete or has failed', () => {
    const parser = new ResponseParser();
    read(head(OK, 'Content-Length: 0'), { parser });
    expect(parser.finish()).toBe(ParseStatus.complete);
    expect(parser.keepAlive).toBe(true);
    read('nonsense', { parser });
    expect(parser.finish()).toBe(ParseStatus.failed);
    expect(parser.failure).toBe('malformed');
  });
});

describe('a parser', () => {
  it('reads nothing more after the end of a response, or after a failure', () => {
    const parser = new ResponseParser();
    for (const text of [head(OK, 'Content-Length: 0'), 'nonsense']) {
      const { outcome } = read(text, { parser });
      const status = parser.feed(Buffer.from(text), 3, text.length);
      expect(status).toBe(outcome === 'complete' ? ParseStatus.complete : ParseStatus.failed);
      expect(parser.consumed).toBe(3);
    }
  });

  it('reads response after response, each of another kind, as if it were the first', () => {
    const parser = new ResponseParser();
    const responses = [
      `${head(OK, 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
      `${head('HTTP/1.0 500 X', 'Content-Length: 4')}oops`,
      head('HTTP/1.1 204 No Content'),
      `${head(OK, 'Connection: close', 'Content-Length: 1')}x`,
      `${head(OK, 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      'garbage',
      `${head(OK, 'Content-Length: 4')}fine`,
    ];
    for (const response of [...responses, ...responses]) {
      expect(read(response, { parser })).toEqual(read(response));
    }
  });

  it('reads a head that came before as it reads a new one', () => {
    for (const text of [
      `${head(OK, 'Content-Length: 5', 'Connection: close')}hello`,
      `${head('HTTP/1.0 404 X', 'Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`,
      head('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
    ]) {
      // Cut within the head, it cannot be recognised.
      const anew = read(text, { cuts: [10] });
      for (let times = 0; times < 3; times += 1) expect(read(text)).toEqual(anew);
    }
  });

  it('goes on reading heads aright when none is like the last, and when they become alike', () => {
    for (let i = 0; i < 3000; i += 1) {
      const text = head(OK, `X-Id: ${i < 2000 ? i : 0}`, `Content-Length: 0`);
      expect(read(text)).toMatchObject({ outcome: 'complete', headBytes: text.length });
    }
  });
});

describe('a text that the body must hold', () => {
  const matcher = new BodyMatcher('hello');

  it('is found across chunks and reads, but not across responses or in the framing', () => {
    const chunked = head(OK, 'Transfer-Encoding: chunked', 'X: hello');
    const parser = new ResponseParser();
    const found = `${chunked}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`;
    const absent = `${chunked}3;hello\r\nhel\r\n0\r\nX: hello\r\n\r\n`;
    for (const cuts of [[], [chunked.length + 4], [chunked.length + 9, chunked.length + 12]]) {
      expect(read(found, { matcher, cuts, parser }).bodyMatched).toBe(true);
      expect(read(absent, { matcher, cuts, parser }).bodyMatched).toBe(false);
    }
  });

  it('is found in a body that the close ends', () => {
    expect(read(`${head(OK)}say hello`, { matcher, eof: true }).bodyMatched).toBe(true);
  });

  it('does not matter without a matcher', () => {
    expect(read(head(OK, 'Content-Length: 0')).bodyMatched).toBe(true);
  });
});
