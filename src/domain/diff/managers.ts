/**
 * Who a field manager of `metadata.managedFields` is.
 */
import { tracking, type ManagedFieldsEntry } from '../object.js';

/** People at a keyboard: what they typed is not in git, so git takes it back. */
const people = /^(kubectl|before-first-apply$)/;

/** A restart that somebody asked for is all that it owns: taking that back would restart everything once more. */
const restarts = 'kubectl-rollout';

/** Controllers that own a field on purpose, such as the replicas of an autoscaled Deployment. */
const controllers = /(controller|autoscaler|scaler|operator|keda|vpa|injector)/i;

export function isPerson(manager: string): boolean {
  return people.test(manager);
}

export function isController(manager: string): boolean {
  return controllers.test(manager);
}

export function isOurs({ manager, operation }: ManagedFieldsEntry): boolean {
  return manager === tracking.fieldManager && operation === 'Apply';
}

/**
 * Entries that a take-over makes ours: those of kubectl, and of our own updates. What was written through a subresource
 * (`kubectl scale`) belongs to who scales.
 */
export function isTaken({ manager = '', operation, subresource }: ManagedFieldsEntry): boolean {
  if (subresource !== undefined && subresource !== '') return false;
  if (manager === tracking.fieldManager) return operation === 'Update';
  return isPerson(manager) && manager !== restarts;
}
