/**
 * What to type or write to get out of a conflict.
 */
import { groupOf, type ObjectReference } from '../object.js';
import type { OwnedField } from './field-conflict.js';
import { isController, isPerson } from './managers.js';

export type ConflictType = 'resource_exists' | 'out_of_sync' | 'validation' | 'permission' | 'field_owner';

export interface ConflictFacts {
  readonly reference: ObjectReference;
  readonly type: ConflictType;
  /** Conflicting fields and their managers. */
  readonly fields?: readonly OwnedField[];
  /** Application that owns the object. */
  readonly owner?: string;
  /** What the error itself advises. */
  readonly hint?: string;
}

const byType: Readonly<Record<ConflictType, (conflict: ConflictFacts) => readonly string[]>> = {
  field_owner: ofFields,
  resource_exists: (conflict) => (conflict.fields === undefined ? ofObject(conflict) : ofFields(conflict)),
  out_of_sync: () => ['sync again'],
  validation: ({ hint }) => [hint ?? 'correct the manifest and commit again'],
  permission: ({ reference, hint }) => [
    `see what is allowed: kubectl auth can-i patch ${resourceOf(reference)} ${namespaceFlag(reference)}`.trimEnd(),
    hint ?? "grant the engine's account the missing right",
  ],
};

export function suggestionsFor(conflict: ConflictFacts): readonly string[] {
  return byType[conflict.type](conflict);
}

const annotation = 'sloth-runner.dev/conflict-resolution';

function ofFields({ reference, fields = [] }: ConflictFacts): string[] {
  const managers = [...new Set(fields.map((f) => f.manager))];
  const pointers = fields.flatMap(({ field }) => pointerOf(field) ?? []);
  const { kind, name } = reference;
  const rule = `{ kind = "${kind}", name = "${name}", json_pointers = {${pointers.map((p) => `"${p}"`).join(', ')}} }`;
  return [
    `conflict_resolution = "force" takes the fields over from ${managers.join(', ')}; for this object alone: annotation ${annotation}: force`,
    `conflict_resolution = "yield" (or that annotation) leaves them to their owner`,
    ...(managers.every(isPerson) ? ['conflict_resolution = "auto" takes back what was typed with kubectl'] : []),
    ...(managers.every(isController) ? ['conflict_resolution = "auto" leaves them to controllers'] : []),
    ...(pointers.length > 0 ? [`ignore_differences = { ${rule} } never looks at them again`] : []),
    'or take the fields out of the manifest',
  ];
}

function ofObject({ reference, owner }: ConflictFacts): string[] {
  if (owner !== undefined) {
    return [
      `sloth-runner app get ${owner} shows the application that owns it`,
      'remove the object from one of the two applications, or give it another name or namespace',
    ];
  }
  return [
    `to adopt it: kubectl annotate ${resourceOf(reference)} ${reference.name} ${namespaceFlag(reference)} sloth-runner.dev/app=<id of the application>`,
    'or give it another name or namespace',
  ];
}

/** `.spec.replicas` as `/spec/replicas`; undefined for paths along lists, whose indices nobody knows here. */
function pointerOf(field: string): string | undefined {
  return /^(\.[\w-]+)+$/.test(field) ? field.replaceAll('.', '/') : undefined;
}

function resourceOf({ apiVersion, kind }: ObjectReference): string {
  const group = groupOf(apiVersion);
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

function namespaceFlag({ namespace }: ObjectReference): string {
  return namespace === undefined ? '' : `-n ${namespace}`;
}
