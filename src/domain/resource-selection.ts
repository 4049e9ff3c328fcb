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
  if (!match) throw namesNone(text, 'group:Kind:name');
  const [, group = '', kind = '', namespace, name = ''] = match;
  return (reference) => isPicked({ group, kind, namespace, name }, reference);
}

/** One object as somebody named it: what is absent may be anything. */
export interface ResourcePick {
  readonly group: string | undefined;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * Where one object is meant, its group may be left out: `Deployment:web`.
 * @throws GitOpsError InvalidInput
 */
export function resourcePick(text: string): ResourcePick {
  const match = /^(?:([^:]*):)?([^:]+):(?:([^/]+)\/)?([^/]+)$/.exec(text);
  if (!match) throw namesNone(text, '[group:]Kind:name');
  const [, group, kind = '', namespace, name = ''] = match;
  return { group, kind, namespace, name };
}

export function isPicked({ group, kind, namespace, name }: ResourcePick, reference: ObjectReference): boolean {
  return (
    (group === undefined || groupOf(reference.apiVersion) === group) &&
    reference.kind === kind &&
    reference.name === name &&
    (namespace === undefined || reference.namespace === namespace)
  );
}

/** The form in which people name it: `apps:Deployment:shop/web`. */
export function resourceText({ apiVersion, kind, namespace, name }: ObjectReference): string {
  return `${groupOf(apiVersion)}:${kind}:${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function namesNone(text: string, form: string): GitOpsError {
  return new GitOpsError('InvalidInput', `'${text}' names no resource`, {
    hint: `write it as ${form} or ${form.replace('name', 'namespace/name')}, for example apps:Deployment:web`,
  });
}
