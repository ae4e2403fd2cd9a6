import { describe, expect, it } from 'vitest';
import { withContentType } from '../../src/config/content-type.js';
import type { RequestSpec } from '../../src/load/plan.js';

function typesOf(
  body: RequestSpec['body'],
  headers: RequestSpec['headers'] = [],
): readonly string[] {
  const expectation = { status: null, bodyContains: null };
  const request = {
    name: '',
    method: 'POST',
    path: '/',
    headers,
    body,
    weight: 1,
    expect: expectation,
    stream: null,
  };
  const data = { columns: ['name'], rows: [['Ada']] };
  return withContentType(request, data).headers.map(([name, value]) => `${name}: ${value}`);
}

const json = ['Content-Type: application/json'];
const text = ['Content-Type: text/plain; charset=utf-8'];

describe('a request with a body', () => {
  it.each([
    ['an object', '{"a":1}', json],
    ['a list', ' [1, 2]\n', json],
    ['an object with placeholders', '{"n":{seq},"{seq:8}":["{rand:1:9}","{row.name}"]}', json],
    ['the octets of an object', Buffer.from('{"a":"ü"}\n'), json],
    ['a word', 'hello', text],
    ['a form', 'a=1&b=2', text],
    ['a lone number', '12', text],
    ['a lone string', '"12"', text],
    ['what begins as JSON', '{"a":1', text],
    ['nothing', '', []],
    ['octets that are no text', Uint8Array.of(0x7b, 0xff, 0x7d), []],
    ['octets of a text', Buffer.from('hello'), []],
    ['none', null, []],
  ])('that is %s has the type %3$s', (_what, body, expected) => {
    expect(typesOf(body)).toEqual(expected);
  });

  it('keeps the type that the user gave it', () => {
    expect(typesOf('{}', [['content-type', 'a/b']])).toEqual(['content-type: a/b']);
  });
});
