/**
 * The short form of a policy: the usual demands, one field each, and CEL for what they cannot say.
 */
import { compile, type Expression, type Scope } from './cel.js';
import { Fields, type PolicyDocument } from './document.js';
import { globMatches } from './glob.js';
import { kindMatches } from './kinds.js';
import type { Policy, PolicyOperation, PolicyRequest, PolicyRule } from './policy.js';
import { requestBindings, requestFields } from './request-bindings.js';
import { shortRules, type ShortRule } from './short-rules.js';

const ruleNames = Object.keys(shortRules) as (keyof typeof shortRules)[];
const fieldNames = ['name', 'action', 'match', ...ruleNames, 'rules'];
const operations: readonly PolicyOperation[] = ['CREATE', 'UPDATE', 'DELETE'];

/** A document of kind Policy. @throws GitOpsError InvalidPolicy */
export function policyDocument(document: PolicyDocument): Policy {
  const top = new Fields(document, [], document.value, 'a Policy').only(['apiVersion', 'kind', 'metadata', 'spec']);
  const name = (top.child('metadata') ?? top.need<Fields>('metadata', 'map')).need<string>('name', 'string');
  const spec = top.child('spec') ?? top.need<Fields>('spec', 'map');
  return policyOf(spec.only(fieldNames.filter((field) => field !== 'name')), name);
}

/** One without a file of its own: in the configuration, in a declaration. @throws GitOpsError InvalidPolicy */
export function inlinePolicy(document: PolicyDocument, path: readonly (string | number)[], value: unknown): Policy {
  const fields = new Fields(document, path, value, 'a policy').only(fieldNames);
  return policyOf(fields, fields.need<string>('name', 'string'));
}

/** The list `policies` of a declaration: where in the script it stands is not known. @throws GitOpsError InvalidPolicy */
export function declaredPolicies(list: readonly unknown[]): Policy[] {
  const document: PolicyDocument = {
    value: { policies: list },
    origin: 'repository',
    at: () => 'the declaration',
  };
  return list.map((value, i) => inlinePolicy(document, ['policies', i], value));
}

function policyOf(fields: Fields, name: string): Policy {
  const rules = [...ruleNames.flatMap((rule) => tableRule(fields, rule)), ...expressionRules(fields)];
  if (rules.length === 0)
    throw fields.refused([], `policy ${name} has no rule`, `rules: ${ruleNames.join(', ')}, rules`);
  return {
    name,
    source: fields.document.at(fields.path),
    action: fields.oneOf('action', ['enforce', 'warn']) ?? 'enforce',
    origin: fields.document.origin,
    needsNamespace: rules.some(({ readsNamespace }) => readsNamespace),
    rules,
    applies: matcherOf(fields),
  };
}

interface Rule extends PolicyRule {
  readonly readsNamespace?: boolean;
}

function tableRule(fields: Fields, name: keyof typeof shortRules): Rule[] {
  const rule: ShortRule = shortRules[name];
  if (!fields.has(name)) return [];
  const setting = fields.get(name, rule.type) as never;
  checkSetting(fields, name, setting);
  return [{ name, check: (request) => rule.check(setting, request) }];
}

/** The rules whose setting has several forms. */
function checkSetting(fields: Fields, name: string, setting: unknown): void {
  const isTable = typeof setting === 'object' && setting !== null && !Array.isArray(setting);
  const isList = Array.isArray(setting) && setting.every((item) => typeof item === 'string');
  if (name === 'require_resources' && !isList && typeof setting !== 'boolean')
    throw fields.refused([name], 'must be true, or a list such as [requests.cpu]');
  if (/^required_/.test(name) && !isList && !isTable)
    throw fields.refused([name], 'must be a list of names, or a table of names and values');
}

const names = new Set(['object', 'oldObject', 'request', 'namespaceObject']);
const scope: Scope = { names, members: { request: requestFields } };

function expressionRules(fields: Fields): Rule[] {
  return fields.tables('rules').map((rule, i) => {
    const text = rule.only(['expression', 'message']).need<string>('expression', 'string');
    const expression = compile(text, scope, rule.where('expression'));
    const message = rule.get<string>('message', 'string') ?? `failed expression: ${text}`;
    return {
      name: `rules[${i}]`,
      check: (request) => verdict(expression, message, request),
      readsNamespace: /\bnamespaceObject\b/.test(text),
    };
  });
}

/** One that cannot be evaluated is not met: nobody would see what it lets through. */
function verdict({ field = '', text, evaluate }: Expression, message: string, request: PolicyRequest) {
  const outcome = evaluate(requestBindings(request));
  if ('value' in outcome && outcome.value === true) return [];
  if ('value' in outcome && outcome.value === false) return [{ field, message }];
  const why = 'error' in outcome ? outcome.error : 'it gives neither true nor false';
  return [{ field, message: `'${text}' cannot be evaluated: ${why}`, raised: true as const }];
}

function matcherOf(fields: Fields): (request: PolicyRequest) => boolean {
  const match = fields.child('match')?.only(['kinds', 'groups', 'namespaces', 'names', 'operations']);
  const list = (name: string): string[] | undefined => match?.get<string[]>(name, 'strings');
  const [kinds, groups, namespaces, objects] = ['kinds', 'groups', 'namespaces', 'names'].map(list);
  const wanted = list('operations') ?? ['CREATE', 'UPDATE'];
  const unknown = wanted.find((operation) => !(operations as readonly string[]).includes(operation));
  if (unknown !== undefined)
    throw match?.refused(['operations'], `'${unknown}' is not one of ${operations.join(', ')}`) ?? new Error(unknown);
  return ({ operation, reference }) =>
    wanted.includes(operation) &&
    (kinds?.some((pattern) => kindMatches(pattern, reference)) ?? true) &&
    (groups?.some((pattern) => kindMatches(`${pattern || 'core'}/*`, reference)) ?? true) &&
    (namespaces?.some((pattern) => globMatches(pattern, reference.namespace ?? '')) ?? true) &&
    (objects?.some((pattern) => globMatches(pattern, reference.name)) ?? true);
}
