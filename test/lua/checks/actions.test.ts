/**
 * Resource actions: what `discovery.lua` and `action.lua` say, and what that changes.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergePatch } from '../../../src/domain/actions/action.js';
import type { KubernetesObject } from '../../../src/domain/object.js';
import { discoverActions, runAction } from '../../../src/lua/checks/action-script.js';

const now = Date.parse('2026-11-24T10:00:00Z');
const script = (source: string) => ({ path: 'test/action.lua', source });

const web: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u', annotations: {} },
  spec: {
    replicas: 3,
    paused: true,
    selector: {},
    template: { metadata: { creationTimestamp: null }, spec: { containers: [{ name: 'a', env: [], resources: {} }] } },
  },
};

describe('discovery', () => {
  const discover = (source: string) => discoverActions(script(source), web, now);

  it.each([
    ['nothing', 'return {}', []],
    ['an empty table for an action', 'return { restart = {} }', [{ name: 'restart', disabled: false, params: [] }]],
    [
      'a list for an action',
      'return { pause = { obj.spec.paused } }',
      [{ name: 'pause', disabled: false, params: [] }],
    ],
    [
      'what is disabled, and parameters with their defaults',
      `local actions = {}
       actions["resume"] = { ["disabled"] = not obj.spec.paused, displayName = "Go on" }
       actions["scale"] = { params = { { name = "replicas", default = tostring(obj.spec.replicas) } }, disabled = true }
       return actions`,
      [
        { name: 'resume', disabled: false, displayName: 'Go on', params: [] },
        { name: 'scale', disabled: true, params: [{ name: 'replicas', default: '3' }] },
      ],
    ],
  ])('tells of %s', (_title, source, actions) => expect(discover(source)).toEqual(actions));

  it('that returns nothing has failed', () =>
    expect(() => discover('local actions = {}')).toThrow(/expect table output from Lua script, not nil/));
});

describe('an action', () => {
  const run = (source: string, params = {}) => runAction(script(source), web, params, now);

  it.each([
    ['nothing when it changes nothing', 'return obj', {}],
    [
      'the field that changes, next to empty lists and maps that stay',
      'obj.spec.replicas = tonumber(actionParams["replicas"]) return obj',
      { spec: { replicas: 5 } },
    ],
    ['null for a field that goes', 'obj.spec.paused = nil return obj', { spec: { paused: null } }],
    [
      'a map that was not there',
      `if obj.spec.template.metadata.annotations == nil then obj.spec.template.metadata.annotations = {} end
       obj.spec.template.metadata.annotations["restartedAt"] = os.date("!%Y-%m-%dT%XZ")
       return obj`,
      { spec: { template: { metadata: { annotations: { restartedAt: '2026-11-24T10:00:00Z' } } } } },
    ],
    [
      'a list as a whole',
      'table.insert(obj.spec.template.spec.containers, { name = "b" }) return { { operation = "patch", resource = obj } }',
      { spec: { template: { spec: { containers: [{ name: 'a', env: [], resources: {} }, { name: 'b' }] } } } },
    ],
  ])('patches %s', (_title, source, patch) =>
    expect(run(source, { replicas: '5' })).toEqual([{ operation: 'patch', patch }]),
  );

  it('creates objects', () => {
    const source = `
      local job = { apiVersion = "batch/v1", kind = "Job", metadata = { name = obj.metadata.name .. "-" .. os.date("!%Y%m%d%H%M") } }
      job.metadata.ownerReferences = {}
      job.metadata.ownerReferences[1] = { apiVersion = obj.apiVersion, kind = obj.kind, name = obj.metadata.name, uid = obj.metadata.uid }
      local result = {}
      result[1] = { operation = "create", resource = job }
      return result`;
    expect(run(source)).toEqual([
      {
        operation: 'create',
        object: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: {
            name: 'web-202611241000',
            ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'u' }],
          },
        },
      },
    ]);
  });

  it.each([
    ['refuses its parameters', 'error("replicas parameter is required", 0)', /^replicas parameter is required$/],
    ['returns no table', 'return 1', /expect table output from Lua script, not number/],
    ['returns no object', 'return { spec = {} }', /expected an object with apiVersion/],
    ['changes another object', 'obj.metadata.name = "db" return obj', /changed Deployment db/],
    ['deletes', 'return { { operation = "delete", resource = obj } }', /"create" or "patch"/],
    ['returns a function', 'obj.f = print return obj', /cannot leave the script/],
    ['never ends', 'while true do end', /budget/],
  ])('fails when it %s', (_title, source, message) => expect(() => run(source)).toThrow(message));
});

describe('a merge patch', () => {
  const apply = (target: unknown, patch: unknown): unknown => {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
    const result: Record<string, unknown> =
      typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete result[key];
      else result[key] = apply(result[key], value);
    }
    return result;
  };
  const name = fc.constantFrom('a', 'b', 'c');
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.constantFrom('x', 'y'),
      fc.array(fc.integer(), { minLength: 1 }),
      tie('map'),
    ),
    map: fc.dictionary(name, tie('any'), { minKeys: 1 }),
  }));

  it('leads from one state to the other, and is empty when they are the same', () => {
    fc.assert(
      fc.property(value.map, value.map, (before, after) => {
        expect(apply(before, mergePatch(before, after))).toEqual(after);
        expect(mergePatch(before, before)).toEqual({});
      }),
    );
  });
});
