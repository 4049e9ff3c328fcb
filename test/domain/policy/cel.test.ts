import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { celInput, compile, type Scope } from '../../../src/domain/policy/cel.js';

const scope: Scope = {
  names: new Set(['object', 'oldObject', 'request', 'variables']),
  members: { request: new Set(['operation', 'name']), variables: new Set(['limit']) },
};
const object = {
  metadata: { name: 'web', labels: { app: 'web', 'example.com/team': 'red' } },
  spec: {
    replicas: 3,
    ratio: 0.5,
    containers: [
      { name: 'a', image: 'registry.example/a:1', resources: { limits: { memory: '512Mi' } } },
      { name: 'b', image: 'docker.io/b:2' },
    ],
  },
};
const bindings = {
  object: celInput(object),
  oldObject: null,
  request: celInput({ operation: 'CREATE', name: 'web' }),
  variables: celInput({ limit: 5 }),
};

function evaluate(text: string): unknown {
  const outcome = compile(text, scope, 'p.yaml:3').evaluate(bindings);
  return 'error' in outcome ? `error: ${outcome.error}` : outcome.value;
}

describe('an expression can', () => {
  it.each<[string, unknown]>([
    ['object.spec.replicas <= 5', true],
    ['object.spec.replicas <= variables.limit', true],
    ['object.spec.ratio < 1', true],
    ['oldObject == null || oldObject.spec.replicas == 1', true],
    ['has(object.spec.paused)', false],
    ['has(object.spec.containers) && object.spec.containers.all(c, has(c.image))', true],
    ['object.spec.containers.exists(c, c.name == "b")', true],
    ['object.spec.containers.exists_one(c, c.image.startsWith("docker.io/"))', true],
    ['object.spec.containers.filter(c, c.name != "b").map(c, c.name)[0] == "a"', true],
    ['"app" in object.metadata.labels', true],
    ['object.metadata.labels["example.com/team"] in ["red", "blue"]', true],
    ['object.metadata.name.matches("^[a-z]+$")', true],
    ['"a,b".split(",").join("-")', 'a-b'],
    ['"Web".lowerAscii().replace("w", "W").substring(0, 2)', 'We'],
    ['"  x ".trim() + string(1)', 'x1'],
    ['"%s has %d".format([object.metadata.name, 3])', 'web has 3'],
    ['[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && [3, 1].max() == 3', true],
    ['[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [1, 2].isSorted()', true],
    ['[[1], [2, 3]].flatten().distinct().reverse()[0] == 3 && [3, 1].sort()[0] == 1', true],
    ['sets.contains(["a", "b"], ["a"]) && !sets.intersects(["a"], ["b"])', true],
    ['math.greatest(1, 2) == 2', true],
    ['isQuantity("1Gi") && !isQuantity("1Xi")', true],
    ['quantity("512Mi").isLessThan(quantity("1Gi"))', true],
    ['quantity("1500m").compareTo(quantity("1.5")) == 0', true],
    ['quantity("1").add(quantity("500m")).sub(1).isInteger()', false],
    ['quantity("2k").asInteger() == 2000', true],
    ['object.?metadata.?labels.app.orValue("none")', 'web'],
    ['object.?spec.?template.spec.nodeName.orValue("none")', 'none'],
    ['object.metadata.labels[?"tier"].orValue("none")', 'none'],
    ['object.?spec.?containers[?0].name.orValue("none")', 'a'],
    ['object.?spec.?paused.hasValue()', false],
    ['optional.of(1).value() == 1 && !optional.none().hasValue()', true],
    ['"a.?b [? c" // .?', 'a.?b [? c'],
    ['duration("1h") > duration("59m")', true],
    ['type(object.spec.replicas) == int', true],
  ])('%s', (text, value) => expect(evaluate(text)).toEqual(value));
});

describe('an expression fails while it is evaluated, with a reason:', () => {
  it.each([
    ['object.spec.paused == true', /paused/],
    ['object.spec.replicas / 0 == 1', /divide by zero/],
    ['object.spec.replicas == 1 ? "a".startsWith(1) : "a".startsWith(2)', /startsWith/],
    ['quantity("1Xi").isInteger()', /'1Xi' is no quantity/],
    ['object.?spec.?paused.value()', /holds no value/],
    ['[].min()', /empty/],
  ])('%s', (text, message) => expect(evaluate(text)).toMatch(message));
});

describe('an expression is refused when it is read:', () => {
  it.each([
    ['nothing', '', /empty|no CEL/],
    ['a syntax error, with its column', 'object.spec.replicas <= ', /^p\.yaml:3: column 22: no CEL expression/],
    ['a syntax error, with its line', 'true &&\n object.spec +* 1', /^p\.yaml:3: line 2, column 14: no CEL/],
    [
      'an unknown function',
      'object.metadata.name.startWith("a")',
      /column 21: the function 'startWith' with 1 arguments/,
    ],
    ['too many arguments', '"a".startsWith("a", "b")', /'startsWith' with 2 arguments/],
    ['a function of a library that is not here', 'url("https://a").getHost() == "a"', /'getHost' .*not supported/],
    ['a namespaced function that is not here', 'math.sqrt(4) == 2', /'math\.sqrt' with 1 arguments is not supported/],
    ['an unknown variable', 'obect.spec == 1', /unknown variable 'obect'/],
    ['an unknown variable in a comprehension', '[1].all(x, y > 1)', /column 12: unknown variable 'y'/],
    ['the variable of a comprehension outside of it', '[1].all(x, x > 1) && x == 1', /unknown variable 'x'/],
    ['a variable that is not declared', 'variables.limits > 1', /unknown variable 'variables\.limits'/],
    ['who asks', 'request.userInfo.username == "a"', /unknown variable 'request\.userInfo'/],
    ['an authorizer', 'authorizer.group("").resource("pods").check("get").allowed()', /not supported|unknown variable/],
    ['columns behind an optional', 'object.?a.orValue(1) == nope', /column 25: unknown variable 'nope'/],
    ['a text that is too long', `"${'a'.repeat(10_000)}"`, /longer than 10000/],
  ])('%s', (_title, text, message) =>
    expect(() => compile(text, scope, 'p.yaml:3')).toThrow(
      expect.objectContaining({ code: 'InvalidPolicy', message: expect.stringMatching(message) }),
    ),
  );

  it('with the nearest name', () =>
    expect(() => compile('"a".startWith("a")', scope, 'p')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("did you mean 'startsWith'?") }),
    ));
});

describe('an expression names the field it is about', () => {
  it.each([
    ['object.spec.replicas <= 5', 'spec.replicas'],
    ['has(object.spec.replicas) && object.spec.replicas <= 5', 'spec.replicas'],
    ['!has(object.spec.hostNetwork)', 'spec.hostNetwork'],
    ['object.spec.containers.all(c, c.name != "")', 'spec.containers'],
    ['request.operation != "DELETE"', undefined],
  ])('%s', (text, field) => expect(compile(text, scope, 'p').field).toBe(field));
});

describe('an expression is stopped', () => {
  const list = (n: number): string => `[${Array(n).fill('1').join(',')}]`;
  it.each([
    ['loops in loops', `${list(200)}.all(a, ${list(200)}.all(b, ${list(200)}.all(c, a == b)))`],
    ['loops behind an or', `false || ${list(200)}.all(a, ${list(200)}.all(b, ${list(200)}.exists(c, c == 2) || true))`],
    ['texts of texts', `"a".replace("", "${'b'.repeat(1000)}").replace("b", "${'c'.repeat(3000)}") == ""`],
  ])('%s', (_title, text) => {
    const started = performance.now();
    expect(evaluate(text)).toMatch(/^error: the expression (needs more than|builds a value)/);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** Pieces that fit together now and then, so that some get past the parser. */
const piece = fc.constantFrom(
  ...'object|.spec|.replicas|.?x|[?0]|[0]|.all(c, |.exists(c, |c|has(|)|(|[|]|{|}|&&|||==|<|+|-|!|?|:|,|1|0u|1.5|"a"|r"\\d"|null|true|size(|.matches(|.join()|quantity(|variables.limit|@|$|"|\n|//|.sum()'.split(
    /\|(?!\|)/,
  ),
);

describe('whatever is written as an expression', () => {
  it('is refused as a policy or gives an outcome, and never throws anything else', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((p) => p.join('')),
        ),
        (text) => {
          try {
            const outcome = compile(text, scope, 'p').evaluate(bindings);
            return 'value' in outcome || typeof outcome.error === 'string';
          } catch (error) {
            expect(error).toMatchObject({ name: 'GitOpsError', code: 'InvalidPolicy' });
            return true;
          }
        },
      ),
      { numRuns: 2000 },
    ));
});
