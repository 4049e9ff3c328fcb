/**
 * One run of one hook in the cluster: made once, whatever becomes of the worker, and taken away as it asks for.
 */
import { GitOpsError } from '../domain/errors.js';
import { forRun, hookVerdict, isOfRun } from '../domain/hooks.js';
import { nothingRelated, type CustomHealth } from '../domain/health/status.js';
import { describeReference, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import type { PlannedHook } from '../domain/plan.js';
import type { ObjectOutcome } from '../domain/sync.js';
import { identityOf } from './dry-run.js';
import { release } from './hook-finalizer.js';
import { deleteObject, type DeletionContext } from './object-deletion.js';

/**
 * Makes the hook, after deleting what an earlier sync left of it. An attempt that finds the hook of its own run does
 * nothing: another attempt has made it.
 * @throws GitOpsError HookFailed when the leftover does not go
 */
export async function startHook(hook: PlannedHook, run: string, context: DeletionContext): Promise<ObjectOutcome> {
  const { reference, desired } = hook;
  const { cluster, signal } = context;
  const live = await cluster.get(reference, { signal });
  if (live !== undefined && isOfRun(live, run)) return { object: reference, outcome: 'created' };
  if (live !== undefined) await removeLeftover(reference, live, context);
  await cluster.apply(forRun(desired, run), { force: true, signal });
  return { object: reference, outcome: 'created' };
}

async function removeLeftover(
  reference: ObjectReference,
  live: KubernetesObject,
  context: DeletionContext,
): Promise<void> {
  const { outcome, message } = await deleteObject({ reference, live: identityOf(live) }, context);
  if (outcome === 'deleting')
    throw new GitOpsError(
      'HookFailed',
      `${describeReference(reference)} of an earlier sync cannot be replaced: ${message}`,
      {
        hint: 'see its metadata.finalizers',
      },
    );
}

/**
 * What is left to do once the hook is over: it is deleted when its policies say so.
 * @param all deletes it whatever they say
 */
export async function finishHook(
  hook: PlannedHook,
  all: boolean,
  context: DeletionContext,
  custom?: CustomHealth,
): Promise<ObjectOutcome> {
  const { reference, deletePolicies = [] } = hook;
  const live = await context.cluster.get(reference, { signal: context.signal });
  if (live === undefined) return { object: reference, outcome: 'deleted' };
  const succeeded = hookVerdict(live, nothingRelated, custom).status === 'Healthy';
  await release(reference, live, context);
  if (!all && !deletePolicies.includes(succeeded ? 'HookSucceeded' : 'HookFailed'))
    return { object: reference, outcome: 'unchanged' };
  return deleteObject({ reference, live: identityOf(live) }, context);
}
