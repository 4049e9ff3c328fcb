/**
 * Manifests without a cluster: what Kubernetes' own types and the definitions among them say, and the policies.
 */
import {
  builtinKind,
  builtinKindNames,
  builtinTypes,
  isBuiltinGroup,
  versionsOf,
} from '../../adapters/schema/builtin-kinds.js';
import { customKinds, type CustomKind } from '../../adapters/schema/custom-kinds.js';
import { nearest } from '../../domain/nearest.js';
import { referenceOf, type KubernetesObject } from '../../domain/object.js';
import { violationsOf } from '../../domain/policy/evaluate.js';
import { fieldPath } from '../../domain/policy/document.js';
import type { Policy, PolicyRequest, Violation } from '../../domain/policy/policy.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { checkFields } from '../../domain/validation/field-types.js';
import type { Finding, Remark } from '../../domain/validation/finding.js';
import { checkMetadata } from '../../domain/validation/metadata.js';
import { findingOfRemark, type Lines } from './finding-of.js';

export interface CheckedManifests {
  readonly findings: readonly Finding[];
  /** Objects of kinds that neither Kubernetes nor a definition among the manifests describes. */
  readonly unknownKinds: number;
}

export function checkManifests(
  objects: readonly RenderedObject[],
  policies: readonly Policy[],
  lines: Lines,
): CheckedManifests {
  const custom = customKinds(objects.map(({ object }) => object));
  const namespaces = new Map(
    objects.flatMap(({ object }) => (object.kind === 'Namespace' ? [[object.metadata.name, object]] : [])),
  );
  const checked = objects.map((rendered) => {
    const { remarks, known } = checkKind(rendered.object, custom);
    const all = [...remarks, ...ofPolicies(rendered, policies, namespaces)];
    return { known, findings: all.map((remark) => findingOfRemark(rendered, remark, lines)) };
  });
  return {
    findings: checked.flatMap(({ findings }) => findings),
    unknownKinds: checked.filter(({ known }) => !known).length,
  };
}

function checkKind(
  object: KubernetesObject,
  custom: ReadonlyMap<string, CustomKind>,
): { remarks: Remark[]; known: boolean } {
  const { apiVersion, kind } = object;
  const builtin = builtinKind(apiVersion, kind);
  const defined = custom.get(`${apiVersion} ${kind}`);
  const metadata = checkMetadata(object, builtin?.namespaced ?? defined?.namespaced);
  if (builtin !== undefined)
    return { remarks: [...metadata, ...checkFields(builtinTypes, builtin.type, object)], known: true };
  const general = [...metadata, ...checkFields(builtinTypes, 'V1ObjectMeta', object.metadata, ['metadata'])];
  if (defined !== undefined) return { remarks: [...general, ...defined.check(object)], known: true };
  const stranger = isBuiltinGroup(apiVersion) ? [noSuchKind(apiVersion, kind)] : [];
  return { remarks: [...general, ...stranger], known: false };
}

/** A warning: clusters may be newer, and groups may be served by others. */
function noSuchKind(apiVersion: string, kind: string): Remark {
  const elsewhere = versionsOf(kind);
  const near = elsewhere.length > 0 ? undefined : nearest(kind, builtinKindNames());
  const path = elsewhere.length > 0 ? ['apiVersion'] : ['kind'];
  const advice = elsewhere.length > 0 ? `it is in ${elsewhere.join(', ')}` : near && `did you mean '${near}'?`;
  const hint = advice === undefined ? {} : { hint: advice };
  return { severity: 'warning', path, message: `Kubernetes 1.34 has no kind ${kind} in ${apiVersion}`, ...hint };
}

/** As if each object were created. Without a server there are no defaults, so what cannot be evaluated only warns. */
function ofPolicies(
  { object, source }: RenderedObject,
  policies: readonly Policy[],
  namespaces: ReadonlyMap<string, KubernetesObject>,
): Remark[] {
  const request: PolicyRequest = {
    operation: 'CREATE',
    reference: referenceOf(object),
    object,
    oldObject: null,
    namespaceObject: namespaces.get(object.metadata.namespace ?? '') ?? null,
    ...(source === undefined ? {} : { source }),
  };
  return violationsOf(policies, request).map(remarkOf);
}

function remarkOf({ action, field, message, policy, raised }: Violation): Remark {
  const severity = action === 'enforce' && raised !== true ? 'error' : 'warning';
  return { severity, path: fieldPath(field), message: `${message} (policy ${policy})` };
}
