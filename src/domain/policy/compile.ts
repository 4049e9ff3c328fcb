/**
 * From documents to policies, whichever way each was written. Nothing in a folder of policies is passed over: what is
 * neither a policy nor of use to one is an error.
 */
import { admissionGroup, admissionPolicies } from './admission.js';
import { Fields, type PolicyDocument } from './document.js';
import { nearest } from '../nearest.js';
import type { Policy } from './policy.js';
import { policyDocument } from './short-form.js';

type Sort = 'policy' | 'admission' | 'binding' | 'other';

const ownGroup = 'sloth-runner.dev/';
const sorts: Readonly<Record<string, Sort>> = {
  [`${admissionGroup}ValidatingAdmissionPolicy`]: 'admission',
  [`${admissionGroup}ValidatingAdmissionPolicyBinding`]: 'binding',
  [`${ownGroup}Policy`]: 'policy',
};

/** @throws GitOpsError InvalidPolicy, with file and line */
export function compilePolicies(documents: readonly PolicyDocument[]): Policy[] {
  const sorted = documents.map((document) => ({ document, sort: sortOf(headOf(document)) }));
  const of = (wanted: Sort): PolicyDocument[] =>
    sorted.filter(({ sort }) => sort === wanted).map(({ document }) => document);
  const parameterKinds = new Set(['ConfigMap', ...of('admission').map(parameterKind)]);
  for (const document of of('other')) refuseStranger(document, parameterKinds);
  refuseTwins([...of('policy'), ...of('admission')]);
  return [...of('policy').map(policyDocument), ...admissionPolicies(of('admission'), of('binding'), of('other'))];
}

/** Whether it says of itself that it is a policy, or binds one. */
export function isPolicyKind(value: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return sortOf(value) !== 'other';
}

interface Head {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown };
  readonly spec?: { readonly paramKind?: { readonly kind?: unknown } };
}

function headOf({ value }: PolicyDocument): Head {
  return typeof value === 'object' && value !== null ? (value as Head) : {};
}

function sortOf({ apiVersion, kind }: Head): Sort {
  const group = String(apiVersion).slice(0, String(apiVersion).indexOf('/') + 1);
  return sorts[`${group}${String(kind)}`] ?? 'other';
}

function parameterKind(document: PolicyDocument): string {
  return String(headOf(document).spec?.paramKind?.kind);
}

function refuseStranger(document: PolicyDocument, allowed: ReadonlySet<string>): void {
  const { kind } = headOf(document);
  const top = new Fields(document, [], document.value, 'a policy file');
  if (typeof kind !== 'string') throw top.refused([], 'kind is missing');
  if (allowed.has(kind)) return;
  const known = Object.keys(sorts).map((name) => name.slice(name.indexOf('/') + 1));
  const near = nearest(kind, known);
  const hint = near === undefined ? `kinds of policies: ${known.join(', ')}` : `did you mean '${near}'?`;
  throw top.refused(['kind'], `${kind} is no policy`, hint);
}

function refuseTwins(documents: readonly PolicyDocument[]): void {
  const seen = new Set<unknown>();
  for (const document of documents) {
    const name = headOf(document).metadata?.name;
    if (name !== undefined && seen.has(name))
      throw new Fields(document, [], document.value, 'a policy').refused(
        ['metadata', 'name'],
        `there are two policies '${name}'`,
      );
    seen.add(name);
  }
}
