/**
 * The health of documents as files hold them: objects, Lists, and whatever else somebody wrote. No pods are known here,
 * so a workload is judged by its own status.
 */
import { describeReference, groupOf, referenceOf, type KubernetesObject } from '../object.js';
import { healthOf } from './rules.js';
import { compareHealth, healthy, unknown, type CustomHealth, type Related, type Verdict } from './status.js';

/** One line of `sloth-runner health -f`; scripts read it, so its keys and their order are a contract. */
export interface DocumentHealth {
  readonly group: string;
  readonly kind: string;
  /** Empty when the document names none. */
  readonly namespace: string;
  readonly name: string;
  readonly status: Verdict['status'];
  readonly message: string;
}

const nothingRelated: Related = { replicaSets: [], pods: [] };

export function judgeDocument(value: unknown, custom?: CustomHealth): DocumentHealth {
  const problem = problemOf(value);
  if (problem !== undefined) return lineOf({}, unknown(problem));
  const object = objectFrom(value as Record<string, unknown>);
  return lineOf(object, verdictOf(object, custom));
}

/** A document that is no object at all: unreadable, or a piece of text. */
export function noObject(reason: string): DocumentHealth {
  return lineOf({}, unknown(reason));
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the document is no object';
  const { apiVersion, kind } = value as Partial<KubernetesObject>;
  if (typeof apiVersion !== 'string' || apiVersion === '') return 'the document has no apiVersion';
  return typeof kind === 'string' && kind !== '' ? undefined : 'the document has no kind';
}

/** With the metadata that rules rely on; everything else as it is. */
function objectFrom(value: Record<string, unknown>): KubernetesObject {
  const { metadata } = value;
  const known = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  return {
    ...(value as KubernetesObject),
    metadata: known ? (metadata as KubernetesObject['metadata']) : { name: '' },
  };
}

function verdictOf(object: KubernetesObject, custom: CustomHealth | undefined): Verdict {
  return isList(object) ? listVerdict(object, custom) : healthOf(object, nothingRelated, custom);
}

function isList({ kind, ...object }: KubernetesObject): boolean {
  return kind.endsWith('List') && Array.isArray(object['items']);
}

/** A List is as well as the worst of its items, which its message names. */
function listVerdict(list: KubernetesObject, custom: CustomHealth | undefined): Verdict {
  let worst = healthy();
  for (const item of list['items'] as readonly unknown[]) {
    const verdict = itemVerdict(item, custom);
    if (compareHealth(verdict.status, worst.status) > 0) worst = verdict;
  }
  return worst;
}

function itemVerdict(item: unknown, custom: CustomHealth | undefined): Verdict {
  const problem = problemOf(item);
  if (problem !== undefined) return unknown(problem.replace('document', 'item'));
  const object = objectFrom(item as Record<string, unknown>);
  const { status, message } = verdictOf(object, custom);
  const name = describeReference(referenceOf(object));
  return { status, message: message === '' ? name : `${name}: ${message}` };
}

function lineOf(object: Partial<KubernetesObject>, { status, message }: Verdict): DocumentHealth {
  const { apiVersion = '', kind = '', metadata } = object;
  const { namespace, name } = metadata ?? {};
  return { group: groupOf(apiVersion), kind, namespace: textOf(namespace), name: textOf(name), status, message };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
