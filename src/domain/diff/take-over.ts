/**
 * Fields that kubectl owns besides us. Server-side apply deletes a field that leaves the manifest only when nobody else
 * owns it; what a person typed once would then stay for ever. So kubectl's entries are merged into ours before we apply.
 * (fluxcd/pkg `ssa/manager_apply.go`; Argo CD's ClientSideApplyMigration)
 */
import type { ConflictResolution } from '../application.js';
import { tracking, type KubernetesObject } from '../object.js';
import { members, ownedBy, touches, unionOf, withoutValue, type FieldSteps } from './field-set.js';
import { isOurs, isTaken } from './managers.js';

/** Whether the application may take fields from kubectl: where it was told to, or the object is its own already. */
export function mayTakeOver(resolution: ConflictResolution, owner: string | undefined, app: string): boolean {
  if (resolution === 'yield') return false;
  return resolution === 'auto' || resolution === 'force' || owner === app;
}

/**
 * What nobody owns any more once kubectl's fields are ours and the manifest was applied.
 * @param applied the server's answer to a dry run: with what we own once we applied
 */
export function fieldsThatVanish(applied: KubernetesObject): readonly FieldSteps[] {
  const taken = members(ownedBy(applied, isTaken));
  if (taken.length === 0) return [];
  const kept = ownedBy(applied, (entry) => !isTaken(entry));
  return taken.filter((steps) => !touches(kept, steps, applied));
}

/** The object without those fields, which its server has then to fill in and to judge. */
export function withoutFields(object: KubernetesObject, fields: readonly FieldSteps[]): KubernetesObject {
  return fields.reduce((rest, steps) => withoutValue(rest, steps), object);
}

export interface PatchOperation {
  readonly op: 'replace';
  readonly path: string;
  readonly value: unknown;
}

/**
 * The JSON patch that makes kubectl's fields ours; undefined when it owns none.
 * The server refuses it (409) unless the object stands at the version it was made for.
 */
export function takeOverPatch({ metadata }: KubernetesObject): readonly PatchOperation[] | undefined {
  const entries = metadata.managedFields ?? [];
  const taken = entries.filter(isTaken);
  const [first] = taken;
  if (first === undefined) return undefined;
  const ours = entries.find(isOurs) ?? { ...first, manager: tracking.fieldManager, operation: 'Apply' as const };
  const fieldsV1 = unionOf([ours, ...taken].map((entry) => entry.fieldsV1 ?? {}));
  const others = entries.filter((entry) => !isTaken(entry) && !isOurs(entry));
  return [
    { op: 'replace', path: '/metadata/managedFields', value: [...others, { ...ours, fieldsV1 }] },
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion ?? '' },
  ];
}
