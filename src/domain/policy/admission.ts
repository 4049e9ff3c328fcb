/**
 * Kubernetes' ValidatingAdmissionPolicy and its bindings, read as they are: the same files the API server takes.
 *
 * Without a binding a policy is enforced: in a folder of policies it is there to be heard. `auditAnnotations` and
 * `reason` have nothing to do here.
 */
import type { KubernetesObject } from '../object.js';
import { constraintsOf, type Constraints } from './admission-match.js';
import { celInput, compile, textOf, type Bindings, type Expression, type Scope } from './cel.js';
import { requestBindings, requestFields } from './request-bindings.js';
import { Fields, type PolicyDocument } from './document.js';
import { LazyVariables } from './lazy-variables.js';
import type { Complaint, Policy, PolicyAction, PolicyRequest, PolicyRule } from './policy.js';
import { selects, type LabelSelector } from './selector.js';

export const admissionGroup = 'admissionregistration.k8s.io/';

interface Binding {
  readonly document: PolicyDocument;
  readonly spec: Fields;
  readonly policyName: string;
}

const specFields = [
  'paramKind',
  'matchConstraints',
  'validations',
  'failurePolicy',
  'auditAnnotations',
  'matchConditions',
  'variables',
];

/** @param others documents among which parameters are looked for @throws GitOpsError InvalidPolicy */
export function admissionPolicies(
  documents: readonly PolicyDocument[],
  bindings: readonly PolicyDocument[],
  others: readonly PolicyDocument[],
): Policy[] {
  const bound = bindings.map(bindingOf);
  const names = new Set(documents.map(nameOf));
  for (const { spec, policyName } of bound)
    if (!names.has(policyName))
      throw spec.refused(['policyName'], `there is no ValidatingAdmissionPolicy '${policyName}'`, among(names));
  return documents.flatMap((document) => {
    const own = bound.filter(({ policyName }) => policyName === nameOf(document));
    const definition = definitionOf(document);
    if (own.length === 0) return [definition.policy('enforce', undefined, undefined)];
    return own.flatMap((binding) => boundPolicies(definition, binding, others));
  });
}

function among(names: ReadonlySet<string>): string {
  return names.size === 0 ? 'put the policy beside its binding' : `policies: ${[...names].join(', ')}`;
}

function nameOf(document: PolicyDocument): string {
  const top = new Fields(document, [], document.value, 'the policy');
  return top.child('metadata')?.need<string>('name', 'string') ?? top.need('metadata', 'map');
}

function bindingOf(document: PolicyDocument): Binding {
  const top = new Fields(document, [], document.value, 'the binding');
  const spec = top.child('spec') ?? top.need<Fields>('spec', 'map');
  spec.only(['policyName', 'paramRef', 'matchResources', 'validationActions']);
  return { document, spec, policyName: spec.need('policyName', 'string') };
}

/** One for each parameter the binding names. */
function boundPolicies(definition: Definition, { spec }: Binding, others: readonly PolicyDocument[]): Policy[] {
  const actions = spec.get<string[]>('validationActions', 'strings') ?? ['Deny'];
  const unknown = actions.find((action) => !['Deny', 'Warn', 'Audit'].includes(action));
  if (unknown !== undefined) throw spec.refused(['validationActions'], `'${unknown}' is not one of Deny, Warn, Audit`);
  const action = actions.includes('Deny') ? 'enforce' : 'warn';
  const resources = spec.child('matchResources');
  const narrowed = resources === undefined ? undefined : constraintsOf(resources);
  return parametersOf(spec, others).map((params) => definition.policy(action, narrowed, params));
}

type Parameter = KubernetesObject | undefined;

/** @throws GitOpsError InvalidPolicy when none is there and the binding does not allow that */
function parametersOf(spec: Fields, others: readonly PolicyDocument[]): Parameter[] {
  const ref = spec.child('paramRef')?.only(['name', 'namespace', 'selector', 'parameterNotFoundAction']);
  if (ref === undefined) return [undefined];
  const [name, namespace] = [ref.get<string>('name', 'string'), ref.get<string>('namespace', 'string')];
  const selector = ref.get<LabelSelector>('selector', 'map') ?? {};
  const found = others
    .map(({ value }) => value as KubernetesObject)
    .filter(({ metadata }) => name === undefined || metadata?.name === name)
    .filter(({ metadata }) => namespace === undefined || (metadata?.namespace ?? namespace) === namespace)
    .filter(({ metadata }) => name !== undefined || selects(selector, metadata?.labels));
  if (found.length > 0) return found;
  if (ref.oneOf('parameterNotFoundAction', ['Allow', 'Deny']) === 'Allow') return [];
  const what = name === undefined ? 'no object has these labels' : `there is no object '${name}'`;
  throw spec.refused(
    ['paramRef'],
    `${what} among the policy files`,
    'put the ConfigMap beside the policy: parameters are not read from the cluster',
  );
}

interface Definition {
  policy(action: PolicyAction, narrowed: Constraints | undefined, params: Parameter): Policy;
}

const rootNames = ['object', 'oldObject', 'request', 'params', 'namespaceObject'];

/** Compiled once, whatever binds it. */
function definitionOf(document: PolicyDocument): Definition {
  const top = new Fields(document, [], document.value, 'the policy');
  const spec = (top.child('spec') ?? top.need<Fields>('spec', 'map')).only(specFields);
  const given = spec.child('matchConstraints');
  const constraints = given === undefined ? undefined : constraintsOf(given);
  const ignores = spec.oneOf('failurePolicy', ['Fail', 'Ignore']) === 'Ignore';
  const outside: Scope = { names: new Set(rootNames), members: { request: requestFields } };
  const conditions = spec
    .tables('matchConditions')
    .map((c) => compileAt(c.only(['name', 'expression']), 'expression', outside));
  const { variables, scope } = variablesOf(spec);
  const validations = spec.tables('validations').map((v) => validationOf(v, scope));
  const name = nameOf(document);
  const usesNamespace = /\bnamespaceObject\b/.test(JSON.stringify(document.value));
  return {
    policy: (action, narrowed, params) => {
      const bind = bindingsFor(params, variables);
      return {
        name,
        source: document.at([]),
        action,
        origin: document.origin,
        needsNamespace: usesNamespace || [constraints, narrowed].some((c) => c?.needsNamespace === true),
        rules: validations.map((validation) => ruleOf(validation, bind, ignores)),
        applies: (request) =>
          [constraints, narrowed].every((c) => c?.matches(request) ?? true) &&
          meetsAll(conditions, bind(request), ignores),
      };
    },
  };
}

function compileAt(fields: Fields, name: string, scope: Scope): Expression {
  return compile(fields.need<string>(name, 'string'), scope, fields.where(name));
}

const inside = new Set([...rootNames, 'variables']);

function variablesOf(spec: Fields): { variables: ReadonlyMap<string, Expression>; scope: Scope } {
  const variables = new Map<string, Expression>();
  const scope = (): Scope => ({
    names: inside,
    members: { request: requestFields, variables: new Set(variables.keys()) },
  });
  for (const fields of spec.tables('variables')) {
    fields.only(['name', 'expression']);
    variables.set(fields.need<string>('name', 'string'), compileAt(fields, 'expression', scope()));
  }
  return { variables, scope: scope() };
}

interface Validation {
  readonly name: string;
  readonly expression: Expression;
  readonly message: string | undefined;
  readonly messageExpression: Expression | undefined;
}

function validationOf(fields: Fields, scope: Scope): Validation {
  fields.only(['expression', 'message', 'messageExpression', 'reason']);
  const last = fields.path.at(-1);
  return {
    name: `validations[${last}]`,
    expression: compileAt(fields, 'expression', scope),
    message: fields.get<string>('message', 'string')?.trim(),
    messageExpression: fields.has('messageExpression') ? compileAt(fields, 'messageExpression', scope) : undefined,
  };
}

type Bind = (request: PolicyRequest) => Bindings;

/** The last request is kept: its rules come one after another. */
function bindingsFor(params: Parameter, variables: ReadonlyMap<string, Expression>): Bind {
  let last: readonly [PolicyRequest, Bindings] | undefined;
  return (request) => {
    if (last?.[0] !== request) last = [request, bindings(request, params, variables)];
    return last[1];
  };
}

function bindings(request: PolicyRequest, params: Parameter, variables: ReadonlyMap<string, Expression>): Bindings {
  const known = { ...requestBindings(request), params: celInput(params) };
  const all: Bindings = { ...known, variables: new LazyVariables(variables, () => all) };
  return all;
}

/** `false` as soon as one says so, as in the API server; one that raises is a matter of the failure policy. */
function meetsAll(conditions: readonly Expression[], bindings: Bindings, ignores: boolean): boolean | Complaint {
  const outcomes = conditions.map((condition) => ({ condition, outcome: condition.evaluate(bindings) }));
  if (outcomes.some(({ outcome }) => 'value' in outcome && outcome.value !== true)) return false;
  const failed = outcomes.find(({ outcome }) => 'error' in outcome);
  if (failed === undefined) return true;
  return ignores ? false : raised(failed.condition, failed.outcome);
}

function raised({ text, field = '' }: Expression, outcome: object): Complaint {
  const why = 'error' in outcome ? String(outcome.error) : 'it gives neither true nor false';
  return { field, message: `'${oneLine(text)}' cannot be evaluated: ${why}`, raised: true };
}

function ruleOf(validation: Validation, bind: Bind, ignores: boolean): PolicyRule {
  const { name, expression } = validation;
  return {
    name,
    check: (request) => {
      const outcome = expression.evaluate(bind(request));
      if ('value' in outcome && typeof outcome.value === 'boolean')
        return outcome.value ? [] : [{ field: expression.field ?? '', message: messageOf(validation, request, bind) }];
      return ignores ? [] : [raised(expression, outcome)];
    },
  };
}

const longestMessage = 500;

/** What a policy composes of a Secret could be its content: only fixed messages speak about those. */
function messageOf({ message, messageExpression, expression }: Validation, request: PolicyRequest, bind: Bind): string {
  const fixed = message ?? `failed expression: ${oneLine(expression.text)}`;
  if (messageExpression === undefined || request.reference.kind === 'Secret') return fixed;
  const outcome = messageExpression.evaluate(bind(request));
  const composed = 'value' in outcome && typeof outcome.value === 'string' ? textOf(outcome.value).trim() : '';
  return composed === '' || composed.includes('\n') ? fixed : composed.slice(0, longestMessage);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
