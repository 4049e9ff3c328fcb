/**
 * Every document of `scripts/*.yaml` is a case: `script` and `object` in, `expect` out. Adding a case means adding a
 * document. The scripts speak as those that Argo CD ships do.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseKubernetesYaml } from '../../../src/adapters/manifests/kubernetes-yaml.js';
import type { Verdict } from '../../../src/domain/health/status.js';
import { judgeByScript } from '../../../src/lua/checks/health-script.js';

interface Case {
  readonly title: string;
  readonly script: string;
  readonly object: object;
  readonly expect: Verdict;
}

const folder = fileURLToPath(new URL('scripts/', import.meta.url));
const now = Date.parse('2026-11-24T10:00:00Z');

const judge = (source: string, obj: object): Verdict =>
  judgeByScript({ path: 'test/health.lua', source }, { obj }, now);

describe.each(readdirSync(folder))('a health script: %s', (file) => {
  const cases = parseKubernetesYaml(readFileSync(folder + file, 'utf8'), file).map(({ value }) => value as Case);
  it.each(cases.map((one) => [one.title, one] as const))('%s', (_title, { script, object, expect: verdict }) => {
    expect(judge(script, object)).toEqual(verdict);
    expect(judge(script, object)).toEqual(verdict); // and again, from the compiled script
  });
});

describe('a health script', () => {
  it('leaves nothing behind for the next one', () => {
    judge('leak = "here" string.upper = nil return { status = "Healthy" }', {});
    expect(judge('return { status = "Healthy", message = tostring(leak) .. string.upper("a") }', {}).message).toBe(
      'nilA',
    );
  });

  it('sees the object as JSON has it', () => {
    const encode = `return { status = "Healthy", message = require("json").encode(obj.data) }`;
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.integer());
    const list = fc.array(scalar, { minLength: 1 });
    fc.assert(
      fc.property(list, (data) => expect(JSON.parse(judge(encode, { data }).message)).toEqual(data)),
      { numRuns: 50 },
    );
  });
});
