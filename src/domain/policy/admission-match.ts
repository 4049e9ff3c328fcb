/**
 * Which objects an admission policy is about: `matchConstraints` and a binding's `matchResources`.
 * https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
import { groupOf } from '../object.js';
import type { Fields } from './document.js';
import type { PolicyRequest } from './policy.js';
import { isEmpty, selects, type LabelSelector } from './selector.js';

export interface Constraints {
  readonly needsNamespace: boolean;
  matches(request: PolicyRequest): boolean;
}

interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly scope: string;
}

const fields = ['resourceRules', 'excludeResourceRules', 'namespaceSelector', 'objectSelector', 'matchPolicy'];
const ruleFields = ['apiGroups', 'apiVersions', 'operations', 'resources', 'resourceNames', 'scope'];

export function constraintsOf(given: Fields): Constraints {
  given.only(fields);
  const rules = given.tables('resourceRules').map(ruleOf);
  const excluded = given.tables('excludeResourceRules').map(ruleOf);
  const namespaceSelector = selectorOf(given, 'namespaceSelector');
  const objectSelector = selectorOf(given, 'objectSelector');
  return {
    needsNamespace: !isEmpty(namespaceSelector),
    matches: (request) =>
      (rules.length === 0 || rules.some((rule) => ruleMatches(rule, request))) &&
      !excluded.some((rule) => ruleMatches(rule, request)) &&
      selectsNamespace(namespaceSelector, request) &&
      selectsObject(objectSelector, request),
  };
}

const any = ['*'];

function ruleOf(given: Fields): ResourceRule {
  given.only(ruleFields);
  const list = (name: string): readonly string[] | undefined => given.get<string[]>(name, 'strings');
  return {
    apiGroups: list('apiGroups') ?? any,
    apiVersions: list('apiVersions') ?? any,
    operations: list('operations') ?? any,
    resources: list('resources') ?? any,
    resourceNames: list('resourceNames') ?? [],
    scope: given.oneOf('scope', ['*', 'Namespaced', 'Cluster']) ?? '*',
  };
}

function selectorOf(given: Fields, name: string): LabelSelector {
  const selector = given.child(name)?.only(['matchLabels', 'matchExpressions']);
  for (const expression of selector?.tables('matchExpressions') ?? []) {
    expression.only(['key', 'operator', 'values']).need('key', 'string');
    expression.oneOf('operator', ['In', 'NotIn', 'Exists', 'DoesNotExist']);
  }
  return given.get<LabelSelector>(name, 'map') ?? {};
}

function ruleMatches(rule: ResourceRule, { reference, operation }: PolicyRequest): boolean {
  const { apiVersion, kind, name, namespace } = reference;
  const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);
  return (
    has(rule.apiGroups, groupOf(apiVersion)) &&
    has(rule.apiVersions, apiVersion.slice(apiVersion.indexOf('/') + 1)) &&
    has(rule.operations, operation) &&
    (rule.resources.includes('*/*') || has(rule.resources, resourceOf(kind))) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(name)) &&
    (rule.scope === '*' || (rule.scope === 'Cluster') === (namespace === undefined))
  );
}

/** Name of the resource of a kind, by the rule that the API machinery itself guesses with. */
export function resourceOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word.endsWith('endpoints')) return word;
  if (/(s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

const nameLabel = 'kubernetes.io/metadata.name';

/** Cluster-scoped objects have no namespace to select, but for Namespaces, which are their own. */
function selectsNamespace(selector: LabelSelector, { reference, namespaceObject, object }: PolicyRequest): boolean {
  const itself = reference.kind === 'Namespace' ? (object ?? namespaceObject) : namespaceObject;
  const name = reference.kind === 'Namespace' ? reference.name : reference.namespace;
  if (name === undefined) return true;
  return selects(selector, { ...itself?.metadata.labels, [nameLabel]: name });
}

/** As the API server does: the new object or the old one. */
function selectsObject(selector: LabelSelector, { object, oldObject }: PolicyRequest): boolean {
  if (isEmpty(selector)) return true;
  return [object, oldObject].some((o) => o !== null && selects(selector, o.metadata.labels));
}
