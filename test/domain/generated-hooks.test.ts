import { describe, expect, it } from '@jest/globals';
import { GeneratedHooks, type HookRun, type PlacedHook } from '../../src/domain/generated-hooks.js';
import { generatedName } from '../../src/domain/hooks.js';
import type { HookDeletePolicy, HookMoment } from '../../src/domain/object-options.js';
import type { ObjectReference } from '../../src/domain/object.js';

const job = (name: string, namespace = 'n'): ObjectReference => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  namespace,
  name,
});

function hook(generateName: string, phase: HookMoment, policy: HookDeletePolicy = 'BeforeHookCreation'): PlacedHook {
  const object = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'x', namespace: 'n', generateName } };
  return { object, reference: job('x'), phase, hook: { moments: [phase], deletePolicies: [policy] } };
}

const set = [hook('db.migrate-', 'PreSync'), hook('db.migrate-', 'PostSync', 'HookSucceeded')];

describe('what an object of the inventory was a run of', () => {
  it.each<[string, ObjectReference, HookRun | undefined]>([
    ['a run', job(generatedName('db.migrate-', 'abcdef0123', 'PreSync', 12)), { sync: 12, makesRoom: true }],
    ['of another phase', job(generatedName('db.migrate-', 'abcdef0', 'PostSync', 3)), { sync: 3, makesRoom: false }],
    ['a phase it has not', job(generatedName('db.migrate-', 'abcdef0', 'SyncFail', 3)), undefined],
    ['another prefix', job(generatedName('dbxmigrate-', 'abcdef0', 'PreSync', 3)), undefined],
    ['another namespace', job(generatedName('db.migrate-', 'abcdef0', 'PreSync', 3), 'm'), undefined],
    ['an object with a name of its own', job('db.migrate-presync'), undefined],
    ['another kind', { ...job(generatedName('db.migrate-', 'abcdef0', 'PreSync', 3)), kind: 'CronJob' }, undefined],
  ])('%s', (_title, reference, run) => expect(new GeneratedHooks(set).runOf(reference)).toEqual(run));
});
