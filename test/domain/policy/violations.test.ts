import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { policyDocuments } from '../../../src/adapters/policy/policy-documents.js';
import { referenceOf, type KubernetesObject } from '../../../src/domain/object.js';
import { compilePolicies } from '../../../src/domain/policy/compile.js';
import { describeViolation, violationsOf } from '../../../src/domain/policy/evaluate.js';
import type { Policy, PolicyOperation, PolicyOrigin, PolicyRequest } from '../../../src/domain/policy/policy.js';

interface Case {
  readonly title: string;
  readonly spec?: object;
  readonly admission?: object;
  readonly operation?: PolicyOperation;
  readonly object?: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  readonly namespaceObject?: KubernetesObject;
  readonly found: readonly string[];
}

const cases = parse(readFileSync(new URL('./violations.yaml', import.meta.url), 'utf8')) as Case[];

const short = (spec: object): object => ({
  apiVersion: 'sloth-runner.dev/v1',
  kind: 'Policy',
  metadata: { name: 'tested' },
  spec,
});
const admission = (spec: object): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'tested' },
  spec,
});

function read(documents: readonly object[], origin: PolicyOrigin = 'operator'): Policy[] {
  return compilePolicies(documents.flatMap((d) => policyDocuments({ file: 'p.yaml', text: stringify(d) }, origin)));
}

function requestOf({ operation, object, oldObject, namespaceObject }: Partial<Case>): PolicyRequest {
  const subject = object ?? oldObject;
  if (subject === undefined) throw new Error('a case needs an object');
  return {
    operation: operation ?? (oldObject === undefined ? 'CREATE' : 'UPDATE'),
    reference: referenceOf(subject),
    object: object ?? null,
    oldObject: oldObject ?? null,
    namespaceObject: namespaceObject ?? null,
    source: 'web.yaml:7',
  };
}

describe('a policy finds', () => {
  it.each(cases.map((c) => [c.title, c] as const))('%s', (_title, given) => {
    const policies = read([given.spec ? short(given.spec) : admission(given.admission ?? {})]);
    const found = violationsOf(policies, requestOf(given));
    expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(given.found);
  });
});

const object: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 6 },
};

describe('a violation', () => {
  it('names object, field, policy and the line of the manifest', () => {
    const [violation] = violationsOf(read([short({ max_replicas: 5 })]), requestOf({ object }));
    expect(violation).toEqual({
      policy: 'tested',
      rule: 'max_replicas',
      action: 'enforce',
      reference: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      field: 'spec.replicas',
      message: '6 replicas are more than 5',
      source: 'web.yaml:7',
    });
    expect(violation && describeViolation(violation)).toBe(
      'Deployment shop/web: spec.replicas: 6 replicas are more than 5 (policy tested, web.yaml:7)',
    );
  });

  it('warns where the policy says so', () =>
    expect(violationsOf(read([short({ action: 'warn', max_replicas: 5 })]), requestOf({ object }))).toEqual([
      expect.objectContaining({ action: 'warn' }),
    ]));

  it('of a deletion comes from the policies of the operator alone', () => {
    const spec = { match: { operations: ['DELETE'] }, rules: [{ expression: 'false' }] };
    const request = requestOf({ operation: 'DELETE', oldObject: object });
    expect(violationsOf(read([short(spec)], 'operator'), request)).toHaveLength(1);
    expect(violationsOf(read([short(spec)], 'repository'), request)).toEqual([]);
  });
});

describe('a binding', () => {
  const limit = admission({
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }],
  });
  const parameters = (name: string, most: string, labels = {}): object => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data: { most },
  });
  const binding = (spec: object): object => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec: { policyName: 'tested', ...spec },
  });
  const actionsOf = (...documents: object[]): string[] =>
    violationsOf(read(documents), requestOf({ object })).map(({ action }) => action);
  const always = admission({ validations: [{ expression: 'false' }] });

  it.each([
    [['Deny'], 'enforce'],
    [['Deny', 'Audit'], 'enforce'],
    [['Warn'], 'warn'],
    [['Audit'], 'warn'],
  ])('with %j makes the policy %s', (validationActions, action) =>
    expect(actionsOf(always, binding({ validationActions }))).toEqual([action]),
  );

  it('that is not there leaves the policy enforced', () => expect(actionsOf(always)).toEqual(['enforce']));

  it('gives parameters from a ConfigMap among the files', () => {
    const ref = binding({ paramRef: { name: 'limits' } });
    expect(actionsOf(limit, ref, parameters('limits', '5'))).toHaveLength(1);
    expect(actionsOf(limit, ref, parameters('limits', '6'))).toEqual([]);
  });

  it('gives every parameter that a selector finds', () => {
    const ref = binding({ paramRef: { selector: { matchLabels: { use: 'limit' } } } });
    const all = [parameters('a', '5', { use: 'limit' }), parameters('b', '4', { use: 'limit' }), parameters('c', '1')];
    expect(actionsOf(limit, ref, ...all)).toHaveLength(2);
  });

  it('without parameters lets all pass when it says so', () =>
    expect(actionsOf(limit, binding({ paramRef: { name: 'gone', parameterNotFoundAction: 'Allow' } }))).toEqual([]));

  it('narrows what the policy is about', () => {
    const resourceRules = [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['statefulsets'] }];
    expect(actionsOf(always, binding({ matchResources: { resourceRules } }))).toEqual([]);
  });
});
