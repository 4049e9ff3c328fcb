import { describe, expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { parse } from 'yaml';
import { age, formatList, formatOne, outputFormat, type Column } from '../../src/cli/table.js';

interface Row {
  readonly name: string;
  readonly state: string;
}
const columns: Column<Row>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'WHERE', value: () => 'here', wide: true },
  { title: 'STATE', value: (row) => row.state },
];
const rows = [
  { name: 'shop', state: 'synced' },
  { name: '配送', state: '' },
];

describe('a list', () => {
  it('is a table without borders, a dash for nothing', () =>
    expect(formatList(rows, columns, 'table')).toBe('NAME   STATE\nshop   synced\n配送   -'));
  it('has more columns when asked for', () =>
    expect(formatList(rows, columns, 'wide').split('\n')[1]).toBe('shop   here    synced'));
  it('keeps its columns straight below wide characters', () => {
    const lines = formatList(rows, columns, 'wide').split('\n');
    expect(lines.map((line) => stringWidth(line.slice(0, line.search(/WHERE|here/))))).toEqual([7, 7, 7]);
  });
  it('is only a head when it is empty', () => expect(formatList([], columns, 'table')).toBe('NAME   STATE'));
  it('is names, one a line', () => expect(formatList(rows, columns, 'name')).toBe('shop\n配送'));
  it.each(['json', 'yaml'] as const)('is %s with an apiVersion', (format) => {
    const text = formatList(rows, columns, format);
    expect(format === 'json' ? JSON.parse(text) : parse(text)).toEqual({
      apiVersion: 'sloth-runner.dev/v1',
      items: rows,
    });
  });
});

describe('one thing', () => {
  it('is text for people and data for programs', () => {
    expect(formatOne(rows[0]!, 'table', () => 'text')).toBe('text');
    expect(JSON.parse(formatOne(rows[0]!, 'json', () => 'text'))).toMatchObject(rows[0]!);
    expect(parse(formatOne(rows[0]!, 'yaml', () => 'text'))).toMatchObject(rows[0]!);
  });
});

it('an unknown format is refused with those there are', () =>
  expect(() => outputFormat('xml')).toThrow(
    expect.objectContaining({ code: 'InvalidInput', hint: 'use one of table, wide, json, yaml, name' }),
  ));

it.each([
  [0, '0s'],
  [119, '119s'],
  [120, '2m'],
  [7199, '119m'],
  [7200, '2h'],
  [172_799, '47h'],
  [172_800, '2d'],
  [-5, '0s'],
])('%d seconds ago is %s', (seconds, text) => {
  const now = Date.UTC(2026, 0, 1);
  expect(age(new Date(now - seconds * 1000).toISOString(), now)).toBe(text);
});
it('a time that is none has no age', () => expect(age('soon', 0)).toBe('-'));
