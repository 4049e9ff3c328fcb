/**
 * What every object's metadata must be like, whatever its kind: names, labels, annotations, namespaces.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
import type { KubernetesObject } from '../object.js';
import type { Remark } from './finding.js';
import { isTable } from './field-types.js';

/** Undefined: nobody knows. */
export type Namespaced = boolean | undefined;

export function checkMetadata(object: KubernetesObject, namespaced: Namespaced): Remark[] {
  const { labels, annotations, namespace } = object.metadata as Record<string, unknown>;
  return [
    ...checkName(object),
    ...checkPairs('labels', labels, labelValue),
    ...checkPairs('annotations', annotations, undefined),
    ...checkNamespace(namespace, namespaced),
  ];
}

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const startsWithLetter = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const segment = /^(?!\.\.?$)[^/%]+$/;

interface NameRule {
  readonly form: RegExp;
  readonly longest: number;
  readonly words: string;
}

const subdomainRule: NameRule = {
  form: subdomain,
  longest: 253,
  words: 'lower-case letters, digits, - and ., beginning and ending with a letter or digit (RFC 1123)',
};
const nameRules: Readonly<Record<string, NameRule>> = {
  Namespace: { form: label, longest: 63, words: 'at most 63 lower-case letters, digits and - (RFC 1123)' },
  Service: {
    form: startsWithLetter,
    longest: 63,
    words: 'at most 63 lower-case letters, digits and -, beginning with a letter (RFC 1035)',
  },
  ...Object.fromEntries(
    ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'].map((kind) => [
      kind,
      { form: segment, longest: 253, words: 'text without / and %' },
    ]),
  ),
};

function checkName({ kind, metadata: { name } }: KubernetesObject): Remark[] {
  const { form, longest, words } = nameRules[kind] ?? subdomainRule;
  if (name.length <= longest && form.test(name)) return [];
  return [{ path: ['metadata', 'name'], message: `'${name}' is no name for a ${kind}: ${words}` }];
}

const qualifiedName = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function checkPairs(field: string, pairs: unknown, form: RegExp | undefined): Remark[] {
  if (pairs === undefined || pairs === null || !isTable(pairs)) return []; // a matter of its type
  return Object.entries(pairs).flatMap(([key, value]) => {
    const path = ['metadata', field, key];
    if (!isKey(key)) return [{ path, message: `'${key}' is no key: prefix/name, each of letters, digits, -, _ and .` }];
    if (form === undefined || typeof value !== 'string' || form.test(value)) return [];
    return [
      {
        path,
        message: `'${value}' is no label value: at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit`,
      },
    ];
  });
}

function isKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return qualifiedName.test(key);
  const prefix = key.slice(0, slash);
  return prefix.length <= 253 && subdomain.test(prefix) && qualifiedName.test(key.slice(slash + 1));
}

function checkNamespace(namespace: unknown, namespaced: Namespaced): Remark[] {
  const path = ['metadata', 'namespace'];
  if (typeof namespace !== 'string') return [];
  if (namespaced === false)
    return [{ severity: 'warning', path, message: 'the kind is cluster-scoped: it has no namespace' }];
  return label.test(namespace) ? [] : [{ path, message: `'${namespace}' is no name of a namespace` }];
}
