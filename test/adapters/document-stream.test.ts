import { describe, expect, it } from '@jest/globals';
import { readDocuments } from '../../src/adapters/manifests/document-stream.js';

const read = (text: string): unknown[] =>
  [...readDocuments(text, 'f.yaml')].map((d) => ('problem' in d ? d.problem : d.value));

describe('a stream of documents', () => {
  it.each([
    ['nothing', '', []],
    ['one document', 'a: 1\n', [{ a: 1 }]],
    ['two, the first without a marker', 'a: 1\n---\na: 2\n', [{ a: 1 }, { a: 2 }]],
    ['empty ones, which are skipped', '---\n---\n# only words\n---\na: 1\n---\n\n...\n', [{ a: 1 }]],
    ['a null, which is empty', 'null\n---\n~\n---\na: 1', [{ a: 1 }]],
    ['content beside the marker', '--- {a: 1}\n--- # words\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a directive', '%YAML 1.1\n---\na: yes\n', [{ a: true }]],
    ['dashes inside text', 'a: |\n  ---\n  b\nc: x---\n', [{ a: '---\nb\n', c: 'x---' }]],
    ['lines that end as on Windows', 'a: 1\r\n---\r\na: 2\r\n', [{ a: 1 }, { a: 2 }]],
    ['JSON among YAML', '{"a": 1}\n---\nb: 2\n---\n{\n  "c": 3\n}\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['flow YAML that is no JSON', '{a: 1, b: [x]}', [{ a: 1, b: ['x'] }]],
    ['what is no object', '- 1\n---\ntext\n---\n7\n', [[1], 'text', 7]],
    ['a key that comes twice: the last counts', 'a: 1\na: 2\n', [{ a: 2 }]],
    ['a number no double holds', 'a: 12345678901234567890\n', [{ a: 12345678901234567000 }]],
    ['a time, which stays text', 'a: 2026-01-01T00:00:00Z\n', [{ a: '2026-01-01T00:00:00Z' }]],
  ])('with %s', (_title, text, values) => expect(read(text)).toEqual(values));

  it('goes on behind a broken document, and says where that is', () => {
    const [first, problem, last] = read('a: 1\n---\nb: 1\nc: [\n---\nd: 4\n');
    expect([first, last]).toEqual([{ a: 1 }, { d: 4 }]);
    expect(problem).toMatch(/^f\.yaml:[45]: /);
  });

  it('does not expand a bomb of aliases', () => {
    const line = (n: number): string =>
      `a${n}: &a${n} [${Array(9)
        .fill(n === 0 ? 'x' : `*a${n - 1}`)
        .join(', ')}]`;
    const [problem] = read(Array.from({ length: 12 }, (_, n) => line(n)).join('\n'));
    expect(problem).toMatch(/alias/);
  });
});
