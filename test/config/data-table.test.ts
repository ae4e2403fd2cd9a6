import { describe, expect, it } from 'vitest';
import { readDataTable } from '../../src/config/data-table.js';

function complaints(text: string): string[] {
  return readDataTable(text, 'u.csv').problems.map(({ where, message }) => `${where}: ${message}`);
}

describe('a CSV file', () => {
  it('has its columns named by the first row', () => {
    expect(readDataTable('id,name\n1,Ada\n2,"Hopper, Grace"\n', 'u.csv')).toEqual({
      table: {
        columns: ['id', 'name'],
        rows: [
          ['1', 'Ada'],
          ['2', 'Hopper, Grace'],
        ],
      },
      problems: [],
    });
  });

  it('may begin with a byte order mark, end lines as Windows does and hold empty lines', () => {
    const { table, problems } = readDataTable('\uFEFFid\r\n1\r\n\r\n2\r\n', 'u.csv');
    expect(problems).toEqual([]);
    expect(table).toEqual({ columns: ['id'], rows: [['1'], ['2']] });
  });

  it.each([
    ['its first by LF and the others by CRLF', 'id,name\n1,Ada\r\n2,Bob\r\n'],
    ['its first by CRLF and the others by LF', 'id,name\r\n1,Ada\n2,Bob\n'],
    ['all by CR', 'id,name\r1,Ada\r2,Bob\r'],
  ])('may end its lines in several ways: %s', (_how, text) => {
    const { table, problems } = readDataTable(text, 'u.csv');
    expect(problems).toEqual([]);
    expect(table.rows).toEqual([
      ['1', 'Ada'],
      ['2', 'Bob'],
    ]);
  });

  it('keeps the line breaks and spaces that are in a value', () => {
    const { table } = readDataTable('a,b\n"x\r\ny", z \r\n', 'u.csv');
    expect(table.rows).toEqual([['x\r\ny', ' z ']]);
  });

  it('has each ragged row pointed at', () => {
    expect(complaints('id,name\n1,a\n2\n3,c\n4,d,e\n')).toEqual([
      'u.csv:3: 1 value where there are 2 values',
      'u.csv:5: 3 values where there are 2 values',
    ]);
  });

  it('does not fill the screen when all rows are ragged', () => {
    const problems = complaints(`id,name\n${'1\n'.repeat(100)}`);
    expect(problems).toHaveLength(6);
    expect(problems.at(-1)).toBe('u.csv:7: and 95 rows more');
  });

  it('needs rows, and names that are there and differ', () => {
    expect(complaints('')).toEqual(['u.csv:1: there are no rows below the names of the columns']);
    expect(complaints('id,id,\n1,2,3\n')).toEqual([
      'u.csv:1: two columns are named "id"',
      'u.csv:1: column 3 has no name',
    ]);
  });

  it('has an open quote pointed at', () => {
    expect(complaints('id\n1\n"2\n')[0]).toMatch(/^u\.csv:\d+: Quote Not Closed/);
  });
});
