/**
 * The set of one environment made into the set of another: the same objects, in the other's namespace and its own.
 * Where that is not possible without guessing, it is refused.
 */
import { GitOpsError } from '../errors.js';
import { describeReference, referenceOf, type KubernetesObject } from '../object.js';
import { tracked, type RenderedObject, type RenderedSet } from '../rendered-set.js';
import type { Target } from '../target.js';

/** @throws GitOpsError NotPromotable naming the first object that cannot move */
export function movedSet(set: RenderedSet, from: Target, to: Target): RenderedSet {
  const [here, there] = [namespaceOf(from), namespaceOf(to)];
  if (here === there && from.destination.cluster === to.destination.cluster)
    throw notPromotable(`${from.appName} and ${to.appName} share the namespace ${here}`, 'give each one of its own');
  return set.map(({ object, ...rest }): RenderedObject => {
    refuseElsewhere(object, here, to);
    return { ...rest, object: tracked(moved(object, here, there), to.app) };
  });
}

function namespaceOf({ appName, destination: { namespace } }: Target): string {
  if (namespace !== undefined) return namespace;
  throw notPromotable(`${appName} declares no namespace, so its objects cannot move`, 'declare namespace = ...');
}

/** One without a namespace gets that of its application; should it belong to none, the plan finds that another one owns it. */
function refuseElsewhere(object: KubernetesObject, here: string, to: Target): void {
  const { namespace } = object.metadata;
  if (namespace === undefined || namespace === here) return;
  const what = describeReference(referenceOf(object));
  throw notPromotable(`${what} is outside of ${here}, so ${to.appName} cannot have it as well`, 'promote the commit');
}

function moved(object: KubernetesObject, here: string, there: string): KubernetesObject {
  const { metadata } = object;
  if (object.kind === 'Namespace' && metadata.name === here)
    return { ...object, metadata: { ...metadata, name: there } };
  const placed = metadata.namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace: there } };
  return withSubjects(placed, here, there);
}

/** The accounts a binding names are the application's own. */
function withSubjects(object: KubernetesObject, here: string, there: string): KubernetesObject {
  const { subjects } = object as { subjects?: unknown };
  if (!Array.isArray(subjects)) return object;
  const follow = (subject: { namespace?: string }): object =>
    subject.namespace === here ? { ...subject, namespace: there } : subject;
  return { ...object, subjects: subjects.map(follow) };
}

function notPromotable(message: string, hint: string): GitOpsError {
  return new GitOpsError('NotPromotable', message, { hint });
}
