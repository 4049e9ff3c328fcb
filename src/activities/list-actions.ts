/**
 * listActions: what may be done to the objects of an application, as their discovery scripts tell now.
 */
import { setImmediate as breath } from 'node:timers/promises';
import { putJson } from '../adapters/artifacts/artifact-store.js';
import type { ActionScripts } from '../domain/actions/action.js';
import { withoutSecretValues } from '../domain/actions/action-plan.js';
import type { ListedAction } from '../domain/actions/record.js';
import type { Digest } from '../domain/digest.js';
import { GitOpsError } from '../domain/errors.js';
import { describeReference, referenceOf, type KubernetesObject } from '../domain/object.js';
import { redact } from '../domain/redaction.js';
import type { Target } from '../domain/target.js';
import { OwnedObjects } from './action-object.js';
import { bounded } from './bounded.js';
import { withHeartbeat } from './heartbeat.js';
import { LiveObjects } from './live-objects.js';
import type { ActionDependencies } from './plan-action.js';

export interface ListActionsInput {
  readonly target: Target;
  /** One object, as somebody named it; absent: every object of the application. */
  readonly resource?: string;
}

export interface ListActionsResult {
  readonly total: number;
  /** A list of ListedAction. */
  readonly report: Digest;
}

/** @throws GitOpsError when the cluster cannot be read; UnknownObject */
export function createListActions({
  clusters,
  artifacts,
  actionScripts,
}: ActionDependencies): (input: ListActionsInput) => Promise<ListActionsResult> {
  return ({ target, resource }) =>
    withHeartbeat(async ({ signal }) => {
      const cluster = await clusters.get(target.destination.cluster);
      const owned = await OwnedObjects.of(cluster, target, signal);
      const objects =
        resource === undefined
          ? await liveOf(owned, actionScripts, (references) => LiveObjects.prepare(cluster, references, signal))
          : [await owned.find(resource)];
      const rows: ListedAction[] = [];
      for (const object of objects) {
        rows.push(...(await rowsOf(actionScripts, object)));
        await breath(); // a script may take some tenths of a second
      }
      return { total: rows.length, report: await putJson(artifacts, rows) };
    });
}

/** Those whose kind has actions, in the order of their names. */
async function liveOf(
  owned: OwnedObjects,
  scripts: ActionScripts,
  prepare: (references: OwnedObjects['references']) => Promise<LiveObjects>,
): Promise<KubernetesObject[]> {
  const references = owned.references.filter((reference) => scripts.covers(reference));
  const live = await prepare(references);
  const found = await bounded(references, (reference) => live.find(reference));
  const name = (object: KubernetesObject): string => describeReference(referenceOf(object));
  return found.flatMap((object) => object ?? []).sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** One script that fails does not hide what the others tell. */
async function rowsOf(scripts: ActionScripts, live: KubernetesObject): Promise<ListedAction[]> {
  const object = referenceOf(live);
  try {
    return (await scripts.discover(withoutSecretValues(live))).map((action) => ({ object, ...action }));
  } catch (error) {
    if (!(error instanceof GitOpsError)) throw error;
    return [{ object, error: redact(error.message) }];
  }
}
