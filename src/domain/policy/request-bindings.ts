/**
 * What an expression may read of a change, under the names that admission policies use.
 */
import { groupOf } from '../object.js';
import { resourceOf } from './admission-match.js';
import { celInput, type Bindings } from './cel.js';
import type { PolicyRequest } from './policy.js';

/** Who asks, and what for, is not known before anything is asked of the server. */
export const requestFields: ReadonlySet<string> = new Set([
  'operation',
  'kind',
  'resource',
  'namespace',
  'name',
  'dryRun',
]);

const kept = new WeakMap<PolicyRequest, Bindings>();

/** Converted once for all policies that look at it. */
export function requestBindings(request: PolicyRequest): Bindings {
  const known = kept.get(request) ?? convert(request);
  kept.set(request, known);
  return known;
}

function convert({ operation, reference, object, oldObject, namespaceObject }: PolicyRequest): Bindings {
  const { apiVersion, kind, name, namespace = '' } = reference;
  const version = { group: groupOf(apiVersion), version: apiVersion.slice(apiVersion.indexOf('/') + 1) };
  const request = {
    operation,
    kind: { ...version, kind },
    resource: { ...version, resource: resourceOf(kind) },
    namespace,
    name,
    dryRun: true,
  };
  return {
    object: celInput(object),
    oldObject: celInput(oldObject),
    namespaceObject: celInput(namespaceObject),
    request: celInput(request),
  };
}
