import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { substitute, wantsSubstitution } from '../../src/domain/variables.js';

const variables = { tag: '1.2', empty: '', long_name2: 'x' };

describe('a variable', () => {
  it.each([
    ['is replaced', 'web:${tag}', 'web:1.2'],
    ['is replaced wherever it stands', '${tag}-${tag}', '1.2-1.2'],
    ['may have digits and underscores', '${long_name2}', 'x'],
    ['that is undefined has its default', '${nope:-7}', '7'],
    ['that is undefined has its default, written the other way', '${nope:=7}', '7'],
    ['that is empty has its default', '${empty:-7}', '7'],
    ['that is defined wins over its default', '${tag:-7}', '1.2'],
    ['may have an empty default', '[${nope:-}]', '[]'],
    ['may have a default of several words', '${nope:-a: b, c}', 'a: b, c'],
    ['that is escaped stays', '$${tag} ${tag}', '${tag} 1.2'],
    ['without braces is none', '$tag $1 $$', '$tag $1 $$'],
    ['without an end is none', 'a ${tag', 'a ${tag'],
  ])('%s', (_title, text, expected) => expect(substitute(text, variables)).toBe(expected));

  it.each([
    ['${tga}', "the variable 'tga' is not defined and has no default; did you mean 'tag'?"],
    ['${other_thing}', "the variable 'other_thing' is not defined and has no default"],
    ['${toString}', "the variable 'toString' is not defined and has no default"],
    ['${a b}', '${a b} is no reference to a variable; write $${a b} to keep it as it is'],
    ['${}', '${} is no reference to a variable; write $${} to keep it as it is'],
    ['${tag/1/2}', '${tag/1/2} is no reference to a variable; write $${tag/1/2} to keep it as it is'],
  ])('%s is refused', (text, message) => expect(() => substitute(text, variables)).toThrow(message));

  it('is put in as it is: what its value holds is not read again', () =>
    fc.assert(fc.property(fc.string(), (value) => expect(substitute('a${v}b', { v: value })).toBe(`a${value}b`))));

  it('leaves texts without a dollar sign alone', () =>
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('$')),
        (text) => expect(substitute(text, variables)).toBe(text),
      ),
    ));
});

describe('an object', () => {
  const metadata = (part: object): unknown => ({ metadata: part });
  it.each([
    ['is substituted', {}, true],
    ['opts out by our annotation', metadata({ annotations: { 'sloth-runner.dev/substitute': 'disabled' } }), false],
    [
      "opts out by Flux's annotation",
      metadata({ annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } }),
      false,
    ],
    ["opts out by Flux's label", metadata({ labels: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } }), false],
    ['does not by another value', metadata({ annotations: { 'sloth-runner.dev/substitute': 'enabled' } }), true],
    ['that is none does not', null, true],
  ])('%s', (_title, object, wanted) => expect(wantsSubstitution(object)).toBe(wanted));
});
