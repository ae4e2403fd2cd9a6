import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../../src/load/protocol/http1/template.js';

const columns = ['name', 'first name', 'city'];
const text = (literal: string) => ({ kind: 'text', text: literal });

describe('a template', () => {
  it('is split at its placeholders', () => {
    expect(parseTemplate('/a/{seq}/{seq:8}?r={rand:1:1000}&n={row.name}!', columns)).toEqual([
      text('/a/'),
      { kind: 'seq', digits: null },
      text('/'),
      { kind: 'seq', digits: 8 },
      text('?r='),
      { kind: 'rand', low: 1, high: 1000 },
      text('&n='),
      { kind: 'row', column: 'name' },
      text('!'),
    ]);
  });

  it('takes columns with spaces in their names', () => {
    expect(parseTemplate('{row.first name}', columns)).toEqual([
      { kind: 'row', column: 'first name' },
    ]);
  });

  it('leaves JSON as it is, and fills in what is within', () => {
    const json = '{"a":{"b":[{}, {"c":1}]}, "d": { seq }}';
    expect(parseTemplate(json, columns)).toEqual([text(json)]);
    expect(parseTemplate('{"id":{seq}}', columns)).toEqual([
      text('{"id":'),
      { kind: 'seq', digits: null },
      text('}'),
    ]);
  });

  it('makes one brace of two, which opens nothing', () => {
    expect(parseTemplate('{{seq}', columns)).toEqual([text('{seq}')]);
    expect(parseTemplate('{{{seq}', columns)).toEqual([text('{'), { kind: 'seq', digits: null }]);
    expect(parseTemplate('}} {', columns)).toEqual([text('}} {')]);
  });

  it.each([
    ['{sequ}', '{sequ} is not a placeholder. Did you mean {seq}?'],
    ['{Seq}', 'Did you mean {seq}?'],
    ['{rnd:1:5}', 'Did you mean {rand:1:1000}?'],
    ['{rand}', 'Did you mean {rand:1:1000}?'],
    ['{row.nmae}', 'Did you mean {row.name}?'],
    ['{row.}', 'not a placeholder'],
    ['{user}', 'There are {seq}, {seq:8}, {rand:1:1000}, {row.name}, {row.first name}, {row.city}'],
    ['{user}', 'Write {{ for a brace that opens none'],
    ['{seq:0}', '{seq:0}: write {seq:8}'],
    ['{seq:17}', '{seq:17}: write {seq:8}'],
    ['{seq:x}', '{seq:x}: write {seq:8}'],
    ['{rand:1}', 'write {rand:1:1000}'],
    ['{rand:a:b}', 'write {rand:1:1000}'],
    ['{rand:5:1}', 'write the lower number first'],
    ['{rand:0:4294967296}', 'at most 4294967296 different numbers'],
  ])('refuses %s, naming it and what comes near', (written, message) => {
    expect(() => parseTemplate(`/x/${written}`, columns)).toThrow(message);
  });

  it('says that there is no data where there is none', () => {
    expect(() => parseTemplate('{row.name}', [])).toThrow('for there is no data');
  });
});
