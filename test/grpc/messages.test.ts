import { protojson } from '../../src/grpc/protobuf.js';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../src/grpc/call.js';
import { findMethod } from '../../src/grpc/method.js';
import { parseMessageText } from '../../src/grpc/message-text.js';
import { readServiceFiles } from '../../src/grpc/service-files.js';
import { MessageTemplate, prefixBytes } from '../../src/load/protocol/grpc/message-template.js';
import { PieceCompiler } from '../../src/load/protocol/http1/piece-compiler.js';
import type { DataTable } from '../../src/load/plan.js';
import { greeterFile } from './greeter-server.js';

const root = await readServiceFiles({ files: [greeterFile], importPaths: [] }, '--proto');
const hello = root.lookupType('test.greeter.Hello');
const people: DataTable = {
  columns: ['name', 'id', 'share'],
  rows: [
    ['Ada "the first"', '7', '0.5'],
    ['Ψ', '-3', '-12.25'],
  ],
};

function templateOf(
  json: string,
  data: DataTable | null = people,
  name = 'SayHello',
): MessageTemplate {
  const method = findMethod(root, `test.greeter.Greeter/${name}`, '--grpc');
  const asked = { method: name, written: json, pingPong: false };
  const { messages } = callOf(method, asked, data, { method: '--grpc', message: '--data' });
  return new MessageTemplate(messages, new PieceCompiler(data, 0), 1);
}

/** What a reader of Protocol Buffers makes of request number `sequence`, in ProtoJSON. */
function messagesAt(template: MessageTemplate, sequence: number): unknown[] {
  const target = template.createTarget();
  const length = template.encode(target, sequence);
  const read: unknown[] = [];
  for (let at = 0; at < length;) {
    expect(target[at]).toBe(0);
    const end = at + prefixBytes + target.readUInt32BE(at + 1);
    const message = hello.decode(target.subarray(at + prefixBytes, end));
    read.push(protojson.toJson(hello, message));
    at = end;
  }
  return read;
}

const at = (json: string, sequence: number): unknown => messagesAt(templateOf(json), sequence)[0];

describe('messages from JSON', () => {
  it('are what a reader of Protocol Buffers takes them for', () => {
    const value = {
      name: 'Ada',
      id: '-5',
      inner: { text: 'a', number: '-9' },
      many: [{ text: 'x' }, {}],
      counts: { a: 1, b: -2 },
      color: 'BLUE',
      share: 1.5,
      fixed: 4_000_000_000,
      raw: 'AAEC',
      at: '2024-01-01T00:00:00Z',
      numbers: [1, -2, 3],
      flag: true,
      snakeCase: 'é',
      flags: { true: 'yes' },
      less: 0.5,
      wide: '-1',
    };
    expect(at(JSON.stringify(value), 0)).toEqual(value);
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1])(
    'hold number %d in all places that take one',
    (n) => {
      const read = at(
        `{"name":"user {seq}","id":{seq},"inner":{"text":"{seq:3}","number":"-{seq}"},
          "many":[{"text":"{seq}"},{"number":{seq}}],"counts":{"a":1},"share":{seq},
          "flags":{"true":"{seq}"},"wide":"-{seq}","snake_case":"{{seq} {seq}"}`,
        n,
      );
      const text = String(n);
      expect(read).toEqual({
        name: `user ${text}`,
        ...(n === 0 ? {} : { id: text, share: n, wide: `-${text}` }),
        inner: {
          text: String(n % 1000).padStart(3, '0'),
          ...(n === 0 ? {} : { number: `-${text}` }),
        },
        many: [{ text }, n === 0 ? {} : { number: text }],
        counts: { a: 1 },
        flags: { true: text },
        snakeCase: `{seq} ${text}`,
      });
    },
  );

  it('hold numbers of 32 bits, in lists and maps as well', () => {
    const n = 123_456_789;
    const read = at(
      '{"fixed":{seq},"less":{rand:8:8},"numbers":[1,{seq},3],"counts":{"k":{seq}}}',
      n,
    );
    expect(read).toEqual({ fixed: n, less: 8, numbers: [1, n, 3], counts: { k: n } });
  });

  it('hold rows of the data, as text and as numbers', () => {
    const json = '{"name":"{row.name}","id":"{row.id}","share":{row.share},"less":"{row.id}"}';
    expect(at(json, 0)).toEqual({ name: 'Ada "the first"', id: '7', share: 0.5, less: 7 });
    expect(at(json, 1)).toEqual({ name: 'Ψ', id: '-3', share: -12.25, less: -3 });
  });

  it('are as long as they have to be, when one is longer than the last', () => {
    const template = templateOf('{"inner":{"text":"{seq}"}}');
    const target = template.createTarget();
    for (const n of [5, 2 ** 40, 6]) {
      const length = template.encode(target, n);
      const message = hello.decode(target.subarray(prefixBytes, length));
      expect(protojson.toJson(hello, message)).toEqual({ inner: { text: String(n) } });
    }
  });

  it('are several, one after the other, of a method that takes many', () => {
    const many = templateOf('[{"name":"{seq}"},{},{"id":{seq}}]', null, 'Sum');
    expect(messagesAt(many, 3)).toEqual([{ name: '3' }, {}, { id: '3' }]);
  });
});

describe('what is no message', () => {
  it.each([
    ['{"nam":"x"}', /unknown field: "nam"/],
    ['{"id":"x{seq}"}', /id/],
    ['{"flag":"{seq}"}', /flag/],
    [
      '{"raw":"{seq}{seq}{seq}{seq}"}',
      /raw: placeholders stand for texts and numbers, not for octets/,
    ],
    ['{"color":"{seq}"}', /color/],
    ['{"at":"{seq}"}', /at/],
    ['{"counts":{"{seq}":{seq}}}', /counts/],
    ['{"id":"{row.name}"}', /id: \{row\.name\} is "Ada "the first"" in row 1, and no number/],
    ['{"name":"{seqq}"}', /Did you mean \{seq\}/],
    ['{"name":', /it is not JSON/],
    ['3', /a message is an object/],
    ['[{},{}]', /takes one message, and 2 are given/],
    ['[]', /holds no message/],
  ])('%s is refused, with what is wrong', (json, message) => {
    expect(() => templateOf(json)).toThrow(message);
    expect(() => templateOf(json)).toThrow(/^--data: /);
  });
});

describe('JSON with placeholders', () => {
  it('may have them in place of numbers, and leaves texts alone', () => {
    expect(parseMessageText('{"a":{seq},"b":"{seq}","c":"\\"{seq}","d":[{rand:1:2}]}')).toEqual({
      a: '{seq}',
      b: '{seq}',
      c: '"{seq}',
      d: ['{rand:1:2}'],
    });
  });
});
