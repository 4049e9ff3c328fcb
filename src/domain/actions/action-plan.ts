/**
 * What an action is about to write, settled before the first write: one patch for one version of the object, and objects
 * with names of their own. An attempt that is repeated writes the same, or finds it written.
 */
import type { Digest } from '../digest.js';
import type { IgnoreRule } from '../diff/ignore-rules.js';
import { ownedBy, touches, type FieldSteps } from '../diff/field-set.js';
import { isOurs } from '../diff/managers.js';
import { GitOpsError } from '../errors.js';
import { keyOf, referenceOf, tracking, type KubernetesObject, type ObjectReference } from '../object.js';
import type { ActionEffect } from './action.js';

type Fields = Readonly<Record<string, unknown>>;

/** Lies in the artifact store; the history has its digest. */
export interface ActionPlan {
  readonly patch?: PlannedPatch;
  readonly creates: readonly KubernetesObject[];
}

export interface PlannedPatch {
  readonly reference: ObjectReference;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly patch: Fields;
}

/** One change as records tell it: names of fields, never values. */
export interface ActionChange {
  readonly operation: 'patch' | 'create';
  readonly object: ObjectReference;
  /** `.spec.replicas`; of a patch. */
  readonly fields?: readonly string[];
}

export interface PlannedAction {
  readonly plan: Digest;
  readonly object: ObjectReference;
  readonly changes: readonly ActionChange[];
  /** Fields among the changed ones that the set in git holds as well. */
  readonly ofGit: readonly string[];
  /** Policies that warn. */
  readonly warnings: readonly string[];
}

/**
 * The effects as they will be written, marked with the run they belong to.
 * @throws GitOpsError NotAllowed for the values of a Secret
 */
export function actionPlan(effects: readonly ActionEffect[], live: KubernetesObject, run: string): ActionPlan {
  const patches = effects.flatMap((effect) => (effect.operation === 'patch' ? [effect.patch] : []));
  const objects = effects.flatMap((effect) => (effect.operation === 'create' ? [effect.object] : []));
  const patch = patches.reduce<Fields>(together, {});
  requireNoSecretValues(live, patch, objects);
  const creates = objects.map((object) => marked(inNamespaceOf(live, object), run));
  if (Object.keys(patch).length === 0) return { creates };
  const { uid = '', resourceVersion = '' } = live.metadata;
  return { patch: { reference: referenceOf(live), uid, resourceVersion, patch: together(patch, mark(run)) }, creates };
}

/** Two merge patches as one. */
function together(first: Fields, second: Fields): Fields {
  const merged: Record<string, unknown> = { ...first };
  for (const [key, value] of Object.entries(second))
    merged[key] = isMap(value) && isMap(first[key]) ? together(first[key], value) : value;
  return merged;
}

function mark(run: string): { metadata: { annotations: Record<string, string> } } {
  return { metadata: { annotations: { [tracking.actionAnnotation]: run } } };
}

function marked(object: KubernetesObject, run: string): KubernetesObject {
  return together(object, mark(run)) as KubernetesObject;
}

/** A script that names no namespace means that of the object it was asked of. */
function inNamespaceOf({ metadata: { namespace } }: KubernetesObject, object: KubernetesObject): KubernetesObject {
  if (object.metadata.namespace !== undefined || namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

// Secrets

const valueFields = ['data', 'stringData'] as const;

/** What a script sees of a Secret: it has nothing to do with its values, and could let them out. */
export function withoutSecretValues(object: KubernetesObject): KubernetesObject {
  if (!isSecret(object)) return object;
  const { data: _data, stringData: _text, metadata, ...rest } = object;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([name]) => !name.endsWith('/last-applied-configuration'),
  );
  return { ...rest, metadata: { ...metadata, annotations: Object.fromEntries(annotations) } } as KubernetesObject;
}

function requireNoSecretValues(live: KubernetesObject, patch: Fields, creates: readonly KubernetesObject[]): void {
  const touched = isSecret(live) && valueFields.some((field) => field in patch);
  if (!touched && !creates.some(isSecret)) return;
  throw new GitOpsError('NotAllowed', 'an action may not write the values of a Secret', {
    hint: 'let an operator such as external-secrets make it, and act on what asks for it',
  });
}

function isSecret(object: KubernetesObject): boolean {
  return keyOf(referenceOf(object)).startsWith('/Secret/');
}

// What changes

/** @returns in order: the patch, then what is created */
export function changesOf({ patch, creates }: ActionPlan): ActionChange[] {
  const patched: ActionChange[] =
    patch === undefined ? [] : [{ operation: 'patch', object: patch.reference, fields: fieldsOf(patch).map(pathOf) }];
  return [...patched, ...creates.map((object) => ({ operation: 'create' as const, object: referenceOf(object) }))];
}

/**
 * Those of the changed fields that our apply owns: a sync sets them to what git says.
 * @param ignored what the application leaves as it is in the cluster
 */
export function fieldsOfGit(
  { patch }: ActionPlan,
  live: KubernetesObject,
  ignored: readonly IgnoreRule[] = [],
): string[] {
  if (patch === undefined || ignored.some(({ managers }) => managers.includes(tracking.actionManager))) return [];
  const ours = ownedBy(live, isOurs);
  const left = ignored.flatMap((rule) => rule.jsonPointers).map((pointer) => pathOf(pointerSteps(pointer)));
  return fieldsOf(patch)
    .filter((steps) => touches(ours, steps, live))
    .map(pathOf)
    .filter((path) => !left.some((field) => path === field || path.startsWith(`${field}.`)));
}

/** A pointer into a list names no field of a patch, which has lists as a whole. */
function pointerSteps(pointer: string): FieldSteps {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => `f:${key.replaceAll('~1', '/').replaceAll('~0', '~')}`);
}

const ownMark = pathOf(['metadata', 'annotations', tracking.actionAnnotation].map((key) => `f:${key}`));

function fieldsOf({ patch }: PlannedPatch): FieldSteps[] {
  return leavesOf(patch).filter((steps) => pathOf(steps) !== ownMark);
}

function leavesOf(value: unknown, above: FieldSteps = []): FieldSteps[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [above];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...above, `f:${key}`]));
}

/** As the API server writes paths, see diff/field-path.ts. */
function pathOf(steps: FieldSteps): string {
  return steps.map((step) => `.${step.slice(2)}`).join('');
}

/** The patch as two: the status of a kind is written apart from the rest (`status` subresource). */
export function splitStatus(patch: Fields): { readonly status?: Fields; readonly rest: Fields } {
  const { status, ...rest } = patch;
  return status === undefined ? { rest } : { status: { status }, rest };
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
