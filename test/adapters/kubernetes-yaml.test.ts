import { describe, expect, it } from '@jest/globals';
import { parseKubernetesYaml } from '../../src/adapters/manifests/kubernetes-yaml.js';

const read = (text: string): unknown => parseKubernetesYaml(`v: ${text}\n`, 'a.yaml')[0]?.value;

describe('YAML is read as Kubernetes reads it', () => {
  it.each<[string, unknown]>([
    ['yes', true],
    ['Off', false],
    ['y', true],
    ['n', false],
    ['TRUE', true],
    ['"yes"', 'yes'],
    ['0644', 420],
    ['-0644', -420],
    ['0o644', 420],
    ['"0o644"', '0o644'],
    ['089', 89],
    ['0x1F', 31],
    ['1_000', 1000],
    ['1.50', 1.5],
    ['1e3', 1000],
    ['5e12345', '5e12345'],
    ['12:30:45', '12:30:45'],
    ['2026-01-01', '2026-01-01'],
    ['~', null],
    ['', null],
    ['!!str 5', '5'],
    ['<<', '<<'],
    ['1.2.3', '1.2.3'],
  ])('%s', (text, value) => expect(read(text)).toEqual({ v: value }));

  it('with merge keys, anchors and block texts', () =>
    expect(
      parseKubernetesYaml('a: &a { x: 1 }\nb:\n  <<: *a\n  t: |\n    two\n    lines\n', 'a.yaml')[0]?.value,
    ).toEqual({
      a: { x: 1 },
      b: { x: 1, t: 'two\nlines\n' },
    }));

  it('with up to 100 aliases in each document', () => {
    const text = `a: &x 1\nb:\n${'  - *x\n'.repeat(100)}`;
    const read = parseKubernetesYaml(`${text}---\n${text}`, 'a.yaml').map(({ value }) => value);
    expect(read).toEqual(Array(2).fill({ a: 1, b: Array(100).fill(1) }));
  });

  it('as JSON, when it is that', () =>
    expect(parseKubernetesYaml('{"a": "\\u0041", "b": [1, true, null]}', 'a.json')[0]?.value).toEqual({
      a: 'A',
      b: [1, true, null],
    }));

  it('in documents, each with the line it starts at', () =>
    expect(parseKubernetesYaml('# one\na: 1\n---\n---\n# two\n\nb: 2\n', 'd/a.yaml')).toMatchObject([
      { value: { a: 1 }, source: 'd/a.yaml:2' },
      { value: null, source: expect.stringMatching(/^d\/a\.yaml:\d$/) },
      { value: { b: 2 }, source: 'd/a.yaml:7' },
    ]));

  it.each(['', '\n', '# nothing\n'])('in no document at all: %j', (text) =>
    expect(parseKubernetesYaml(text, 'a.yaml')).toEqual([]),
  );
});

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
  .split('')
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(', ')}]`)
  .join('\n')}`;

describe('YAML is refused, with file and line', () => {
  it.each([
    ['a syntax error', 'a: 1\nb: {c\n', /^d\/a\.yaml:\d+: /],
    ['tabs', 'a:\n\t- b\n', /^d\/a\.yaml:2: /],
    ['an error in a later document', 'a: 1\n---\nb: [\n', /^d\/a\.yaml:[34]: /],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', /^d\/a\.yaml:3: .*unique/],
    ['__proto__', 'a:\n  __proto__: { x: 1 }\n', /^d\/a\.yaml:2: the key '__proto__' is not allowed/],
    ['constructor', '{"constructor": 1}', /^d\/a\.yaml:1: the key 'constructor'/],
    ['an alias of nothing', 'a: 1\nb: *nope\n', /^d\/a\.yaml:2: an alias \(\*\.\.\.\) has no anchor/],
    ['a number that would change', 'a: 1\nb: 9007199254740993\n', /^d\/a\.yaml:2: the number 9007199254740993 cannot/],
    ['infinity', 'a: .inf\n', /^d\/a\.yaml:1: the number \.inf cannot/],
    ['an alias in front of its anchor', 'a: *x\nb: &x 1\n', /^d\/a\.yaml:1: an alias \(\*\.\.\.\) has no anchor/],
    ['20,000 aliases', `a: &x 1\nb:\n${'  - *x\n'.repeat(20_000)}`, /^d\/a\.yaml:103: \*x is one alias too many/],
    ['a bomb of aliases', bomb, /^d\/a\.yaml:1: .*alias/i],
  ])('%s', (_title, text, message) =>
    expect(() => parseKubernetesYaml(text, 'd/a.yaml')).toThrow(
      expect.objectContaining({ code: 'RenderFailed', message: expect.stringMatching(message) }),
    ),
  );

  it('a bomb quickly', () => {
    const started = performance.now();
    expect(() => parseKubernetesYaml(bomb, 'a.yaml')).toThrow();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
