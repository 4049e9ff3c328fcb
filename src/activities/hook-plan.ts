/**
 * Hooks in the plan: named, and rehearsed although an earlier run of theirs may still be there.
 */
import type { Hook } from '../domain/object-options.js';
import { generatedName } from '../domain/hooks.js';
import { referenceOf, shortName, tracking, type KubernetesObject } from '../domain/object.js';
import type { PlannedObject } from '../domain/plan.js';
import { conflicting, identityOf, place, type Decided, type DryRunContext } from './dry-run.js';
import type { ScopedObject } from './scoped-set.js';

export interface HookNaming {
  /** Full commit hash. */
  readonly revision: string;
  readonly sync: number;
}

/** A name that no live object has, of the length every kind allows. */
const rehearsalSuffix = '-rehearsal';
const longestName = 63;

/**
 * @param waits its Namespace or definition comes in the same plan, so that it cannot be rehearsed yet
 * @throws GitOpsError when the server refuses it
 */
export async function planHook(
  scoped: ScopedObject & { readonly hook: Hook },
  { naming }: { readonly naming?: HookNaming },
  context: DryRunContext,
  waits: boolean,
): Promise<Decided> {
  const desired = named(scoped, naming);
  const reference = referenceOf(desired);
  const live = waits ? undefined : await context.live.find(reference);
  const owner = live?.metadata.annotations?.[tracking.appAnnotation];
  if (owner !== undefined && owner !== context.app)
    return conflicting(scoped, live, {
      type: 'resource_exists',
      description: `it belongs to application ${owner}`,
      owner,
    });
  const after = waits ? desired : await rehearse(desired, live !== undefined, context);
  const planned: PlannedObject = {
    ...place(scoped),
    reference,
    action: 'hook',
    desired,
    deletePolicies: scoped.hook.deletePolicies,
    ...(waits ? { deferred: true } : {}),
    ...(live === undefined ? {} : { live: identityOf(live) }),
  };
  const foreign = live !== undefined && owner === undefined;
  const note = `${shortName(reference)} exists already; as a hook it is deleted and made anew`;
  return { planned, before: undefined, after, ...(foreign ? { note } : {}) };
}

function named({ object, phase }: ScopedObject, naming: HookNaming | undefined): KubernetesObject {
  const { generateName, ...metadata } = object.metadata;
  if (typeof generateName !== 'string' || naming === undefined) return object;
  const name = generatedName(generateName, naming.revision, phase, naming.sync);
  return { ...object, metadata: { ...metadata, name } };
}

/** Under another name while the last run is there: what cannot be changed in place may be made anew. */
async function rehearse(
  desired: KubernetesObject,
  exists: boolean,
  { cluster, signal }: DryRunContext,
): Promise<KubernetesObject> {
  const name = `${desired.metadata.name.slice(0, longestName - rehearsalSuffix.length)}${rehearsalSuffix}`;
  const object = exists ? { ...desired, metadata: { ...desired.metadata, name } } : desired;
  const { object: made } = await cluster.apply(object, { dryRun: true, force: true, signal });
  return { ...made, metadata: { ...made.metadata, name: desired.metadata.name } };
}
