import { describe, expect, it } from '@jest/globals';
import { optionsOf, type ObjectOptions } from '../../src/domain/object-options.js';

const silent: ObjectOptions = {
  wave: 0,
  ignored: false,
  onlyWhenMissing: false,
  keptOnPrune: false,
  keptOnDelete: false,
  prunedLast: false,
  recreated: false,
  replaced: false,
  dryRunSkippedWhenKindMissing: false,
  healthIgnored: false,
};

const before = { deletePolicies: ['BeforeHookCreation'] } as const;

const cases: [annotations: Record<string, string>, options: Partial<ObjectOptions>][] = [
  [{}, {}],
  [{ 'sloth-runner.dev/sync-wave': '3' }, { wave: 3 }],
  [{ 'argocd.argoproj.io/sync-wave': '-5' }, { wave: -5 }],
  [{ 'argocd.argoproj.io/sync-wave': 'soon' }, { wave: 0 }],
  [{ 'argocd.argoproj.io/sync-wave': 'soon', 'helm.sh/hook-weight': '2' }, { wave: 2 }],
  [{ 'argocd.argoproj.io/sync-wave': '1', 'sloth-runner.dev/sync-wave': '2' }, { wave: 2 }],
  [{ 'sloth-runner.dev/hook': 'PreSync' }, { hook: { moments: ['PreSync'], ...before } }],
  [{ 'argocd.argoproj.io/hook': 'PreSync, PostSync' }, { hook: { moments: ['PreSync', 'PostSync'], ...before } }],
  [{ 'argocd.argoproj.io/hook': 'Skip' }, { hook: { moments: [], ...before } }],
  [{ 'argocd.argoproj.io/hook': 'Whenever' }, { hook: { moments: [], ...before } }],
  [
    { 'argocd.argoproj.io/hook': 'Sync', 'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded,HookFailed' },
    { hook: { moments: ['Sync'], deletePolicies: ['HookSucceeded', 'HookFailed'] } },
  ],
  [{ 'helm.sh/hook': 'pre-install,pre-upgrade' }, { hook: { moments: ['PreSync'], ...before } }],
  [
    { 'helm.sh/hook': 'post-install', 'helm.sh/hook-weight': '-5', 'helm.sh/hook-delete-policy': 'hook-succeeded' },
    { wave: -5, hook: { moments: ['PostSync'], deletePolicies: ['HookSucceeded'] } },
  ],
  [{ 'helm.sh/hook': 'test' }, { hook: { moments: [], ...before } }],
  [{ 'helm.sh/hook': 'crd-install' }, {}],
  [{ 'helm.sh/hook': 'test', 'argocd.argoproj.io/hook': 'PostSync' }, { hook: { moments: ['PostSync'], ...before } }],
  [{ 'argocd.argoproj.io/sync-options': 'Prune=false' }, { keptOnPrune: true }],
  [{ 'argocd.argoproj.io/sync-options': 'Delete=false' }, { keptOnDelete: true }],
  [{ 'argocd.argoproj.io/sync-options': 'Force=true,Replace=true' }, { recreated: true, replaced: true }],
  [
    { 'argocd.argoproj.io/sync-options': 'SkipDryRunOnMissingResource=true , PruneLast=true' },
    { dryRunSkippedWhenKindMissing: true, prunedLast: true },
  ],
  [{ 'sloth-runner.dev/sync-options': 'Force=false', 'argocd.argoproj.io/sync-options': 'Force=true' }, {}],
  [{ 'sloth-runner.dev/prune': 'disabled' }, { keptOnPrune: true, keptOnDelete: true }],
  [{ 'sloth-runner.dev/ignore': 'true' }, { ignored: true }],
  [{ 'sloth-runner.dev/force': 'true' }, { recreated: true }],
  [{ 'sloth-runner.dev/conflict-resolution': 'yield' }, { conflictResolution: 'yield' }],
  [{ 'sloth-runner.dev/conflict-resolution': 'hope' }, {}],
  [{ 'helm.sh/resource-policy': 'keep' }, { keptOnPrune: true, keptOnDelete: true }],
  [{ 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' }, { onlyWhenMissing: true }],
  [{ 'kustomize.toolkit.fluxcd.io/force': 'enabled' }, { recreated: true }],
  [{ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }, { keptOnPrune: true, keptOnDelete: true }],
  [{ 'argocd.argoproj.io/ignore-healthcheck': 'true' }, { healthIgnored: true }],
];

describe('what the annotations of an object ask for', () => {
  it.each(cases)('%j', (annotations, options) =>
    expect(optionsOf({ metadata: { name: 'x', annotations } })).toEqual({ ...silent, ...options }),
  );
});
