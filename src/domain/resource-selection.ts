/**
 * Objects picked by hand: `group:Kind:name` or `group:Kind:namespace/name`; the core group is empty (`:Service:web`).
 */
import { GitOpsError } from './errors.js';
import { groupOf, type ObjectReference } from './object.js';

/**
 * Whether an object is picked; every object is when `resources` is absent.
 * @throws GitOpsError InvalidInput for an entry of another form
 */
export function resourceFilter(resources: readonly string[] | undefined): (reference: ObjectReference) => boolean {
  if (resources === undefined) return () => true;
  const picks = resources.map(parse);
  return (reference) => picks.some((picked) => picked(reference));
}

function parse(text: string): (reference: ObjectReference) => boolean {
  const match = /^([^:]*):([^:]+):(?:([^/]+)\/)?([^/]+)$/.exec(text);
  if (!match) {
    throw new GitOpsError('InvalidInput', `'${text}' names no resource`, {
      hint: 'write it as group:Kind:name or group:Kind:namespace/name, for example apps:Deployment:web',
    });
  }
  const [, group, kind, namespace, name] = match;
  return (o) =>
    groupOf(o.apiVersion) === group &&
    o.kind === kind &&
    o.name === name &&
    (namespace === undefined || o.namespace === namespace);
}
