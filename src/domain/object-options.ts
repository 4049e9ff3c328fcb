/**
 * What the annotations of an object ask of the engine: when it is applied, how, and what becomes of it. Our own names
 * (`sloth-runner.dev/...`), Argo CD's and helm's are understood as they are, so that repositories move over unchanged.
 *
 * Of two that speak of the same thing ours wins over Argo CD's, Argo CD's over helm's.
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options, .../resource_hooks; https://helm.sh/docs/topics/charts_hooks
 */
import type { ConflictResolution } from './application.js';
import type { KubernetesObject } from './object.js';

/** Moments of a sync, and of the deletion of an application, at which a hook may run. */
export type HookMoment = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail' | 'PreDelete' | 'PostDelete';
export type HookDeletePolicy = 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation';

export interface Hook {
  /** Empty: a hook of no moment (`Skip`, a helm test), which is never applied. */
  readonly moments: readonly HookMoment[];
  readonly deletePolicies: readonly HookDeletePolicy[];
}

export interface ObjectOptions {
  readonly wave: number;
  /** Present when the object is a hook. */
  readonly hook?: Hook;
  /** Not even looked at: neither applied, compared nor pruned. */
  readonly ignored: boolean;
  /** Applied when it does not exist, left alone when it does. */
  readonly onlyWhenMissing: boolean;
  /** Stays when the set no longer holds it. */
  readonly keptOnPrune: boolean;
  /** Stays when the application is deleted. */
  readonly keptOnDelete: boolean;
  /** Deleted after everything else is healthy. */
  readonly prunedLast: boolean;
  /** May be deleted and created anew when a field that cannot be changed was changed. */
  readonly recreated: boolean;
  /** Put in place of the live object instead of merged into it. */
  readonly replaced: boolean;
  /** Applied without a dry run when the cluster does not know its kind yet. */
  readonly dryRunSkippedWhenKindMissing: boolean;
  /** Its health does not count. */
  readonly healthIgnored: boolean;
  /** Beats the application's. */
  readonly conflictResolution?: ConflictResolution;
}

const own = 'sloth-runner.dev/';
const argo = 'argocd.argoproj.io/';
const flux = 'kustomize.toolkit.fluxcd.io/';

type Annotations = Readonly<Record<string, string>>;

/** @param defaults sync options of the whole application: what an object says of itself beats them */
export function optionsOf(
  { metadata }: Pick<KubernetesObject, 'metadata'>,
  defaults: readonly string[] = [],
): ObjectOptions {
  const annotations = metadata.annotations ?? {};
  const said = new Map([...syncOptions(defaults), ...sayings(annotations)]);
  const says = (name: string, value: string): boolean => said.get(name.toLowerCase()) === value;
  const hook = hookOf(annotations);
  const conflictResolution = resolutionOf(annotations);
  return {
    wave: waveOf(annotations),
    ...(hook === undefined ? {} : { hook }),
    ignored: says('ignore', 'true'),
    onlyWhenMissing: says('onlywhenmissing', 'true'),
    keptOnPrune: says('prune', 'false'),
    keptOnDelete: says('delete', 'false'),
    prunedLast: says('prunelast', 'true'),
    recreated: says('force', 'true'),
    replaced: says('replace', 'true'),
    dryRunSkippedWhenKindMissing: says('skipdryrunonmissingresource', 'true'),
    healthIgnored: says('ignorehealthcheck', 'true'),
    ...(conflictResolution === undefined ? {} : { conflictResolution }),
  };
}

/** Annotations with one meaning each, as the sync option they amount to: what to look for, and what it says. */
const single: readonly (readonly [name: string, value: string, ...options: (readonly [string, string])[]])[] = [
  ['helm.sh/resource-policy', 'keep', ['prune', 'false'], ['delete', 'false']],
  [`${flux}prune`, 'disabled', ['prune', 'false'], ['delete', 'false']],
  [`${flux}reconcile`, 'disabled', ['ignore', 'true']],
  [`${flux}ssa`, 'Ignore', ['ignore', 'true']],
  [`${flux}ssa`, 'IfNotPresent', ['onlywhenmissing', 'true']],
  [`${flux}force`, 'enabled', ['force', 'true']],
  [`${argo}ignore-healthcheck`, 'true', ['ignorehealthcheck', 'true']],
  [`${own}prune`, 'disabled', ['prune', 'false'], ['delete', 'false']],
  [`${own}prune`, 'false', ['prune', 'false'], ['delete', 'false']],
  [`${own}ignore`, 'true', ['ignore', 'true']],
  [`${own}ignore-healthcheck`, 'true', ['ignorehealthcheck', 'true']],
  [`${own}force`, 'true', ['force', 'true']],
  [`${own}force`, 'enabled', ['force', 'true']],
  [`${own}replace`, 'true', ['replace', 'true']],
];

/** Every option that was named, in lower case, with what was said of it last; ours are the last to speak. */
function sayings(annotations: Annotations): ReadonlyMap<string, string> {
  const meant = (prefix: string): (readonly [string, string])[] =>
    single.filter(([name, value]) => name.startsWith(prefix) && annotations[name] === value).flatMap(([, , ...o]) => o);
  return new Map([
    ...meant('helm.sh/'),
    ...meant(flux),
    ...syncOptions(annotations[`${argo}sync-options`]),
    ...meant(argo),
    ...syncOptions(annotations[`${own}sync-options`]),
    ...meant(own),
  ]);
}

/** `Prune=false, Force=true`: names and values in lower case. */
export function syncOptions(list: string | readonly string[] = ''): (readonly [string, string])[] {
  return (typeof list === 'string' ? list.split(',') : list).flatMap((entry) => {
    const [name = '', value = 'true'] = entry.split('=', 2).map((part) => part.trim().toLowerCase());
    return name === '' ? [] : [[name, value] as const];
  });
}

function resolutionOf(annotations: Annotations): ConflictResolution | undefined {
  const value = annotations[`${own}conflict-resolution`];
  return resolutions.find((known) => known === value);
}

const resolutions = ['fail', 'force', 'yield', 'auto'] as const;

/** The first of the places that holds an integer; helm's weight stands in, for hooks and others alike. */
function waveOf(annotations: Annotations): number {
  const places = [`${own}sync-wave`, `${argo}sync-wave`, 'helm.sh/hook-weight'];
  const text = places.map((name) => annotations[name]?.trim()).find((value) => /^[-+]?\d{1,9}$/.test(value ?? ''));
  return Number(text ?? 0);
}

interface HookDialect {
  readonly hook: string;
  readonly deletePolicy: string;
  readonly moments: Readonly<Record<string, HookMoment>>;
  readonly policies: Readonly<Record<string, HookDeletePolicy>>;
}

const moments: Readonly<Record<string, HookMoment>> = {
  PreSync: 'PreSync',
  Sync: 'Sync',
  PostSync: 'PostSync',
  SyncFail: 'SyncFail',
  PreDelete: 'PreDelete',
  PostDelete: 'PostDelete',
};

const policies: Readonly<Record<string, HookDeletePolicy>> = {
  HookSucceeded: 'HookSucceeded',
  HookFailed: 'HookFailed',
  BeforeHookCreation: 'BeforeHookCreation',
};

/** The first dialect an object speaks is the one that counts: helm's hooks are none once Argo CD's are there. */
const dialects: readonly HookDialect[] = [
  { hook: `${own}hook`, deletePolicy: `${own}hook-delete-policy`, moments, policies },
  { hook: `${argo}hook`, deletePolicy: `${argo}hook-delete-policy`, moments, policies },
  {
    hook: 'helm.sh/hook',
    deletePolicy: 'helm.sh/hook-delete-policy',
    moments: {
      'pre-install': 'PreSync',
      'pre-upgrade': 'PreSync',
      'post-install': 'PostSync',
      'post-upgrade': 'PostSync',
      'pre-delete': 'PreDelete',
      'post-delete': 'PostDelete',
    },
    policies: {
      'hook-succeeded': 'HookSucceeded',
      'hook-failed': 'HookFailed',
      'before-hook-creation': 'BeforeHookCreation',
    },
  },
];

/** helm 2 marked definitions this way; they are no hooks. */
const noHook = 'crd-install';

function hookOf(annotations: Annotations): Hook | undefined {
  const dialect = dialects.find(({ hook }) => (annotations[hook] ?? noHook).trim() !== noHook);
  if (dialect === undefined) return undefined;
  const found = words(annotations[dialect.deletePolicy]).flatMap((word) => dialect.policies[word] ?? []);
  return {
    moments: [...new Set(words(annotations[dialect.hook]).flatMap((word) => dialect.moments[word] ?? []))],
    deletePolicies: found.length === 0 ? ['BeforeHookCreation'] : found,
  };
}

function words(list = ''): string[] {
  return list.split(',').map((word) => word.trim());
}
