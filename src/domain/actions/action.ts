/**
 * Resource actions as Argo CD has them: what may be done to an object, and what doing it changes. The scripts decide; here is
 * what their answers mean.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/resource_actions
 */
import { GitOpsError } from '../errors.js';
import type { KubernetesObject } from '../object.js';

export interface ActionParameter {
  readonly name: string;
  readonly default?: string;
}

export interface ResourceAction {
  readonly name: string;
  readonly disabled: boolean;
  /** Why it is disabled: ours, scripts of Argo CD do not say. */
  readonly reason?: string;
  readonly displayName?: string;
  readonly params: readonly ActionParameter[];
}

/** What an action does: objects are made anew, or fields of the object it was asked of are changed (RFC 7386). */
export type ActionEffect =
  | { readonly operation: 'create'; readonly object: KubernetesObject }
  | { readonly operation: 'patch'; readonly patch: Readonly<Record<string, unknown>> };

/** The scripts there are: those of the operator, then ours. */
export interface ActionScripts {
  /** Whether anything may be done to objects of that kind. */
  covers(kind: Pick<KubernetesObject, 'apiVersion' | 'kind'>): boolean;
  /** @throws GitOpsError what the script did wrong */
  discover(object: KubernetesObject): Promise<ResourceAction[]>;
  /** @throws GitOpsError what the script did wrong, or that there is none for this action */
  run(action: string, object: KubernetesObject, params: Readonly<Record<string, string>>): Promise<ActionEffect[]>;
}

type Fields = Readonly<Record<string, unknown>>;

/** From what `discovery.lua` returned: name -> {disabled, displayName, params}. In order of their names. */
export function actionsFrom(returned: unknown): ResourceAction[] {
  if (!isMap(returned)) return [];
  return Object.entries(returned)
    .map(([name, said]) => actionFrom(name, isMap(said) ? said : {}))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function actionFrom(name: string, { disabled, reason, displayName, params }: Fields): ResourceAction {
  return {
    name,
    disabled: disabled === true,
    ...(disabled === true && typeof reason === 'string' ? { reason } : {}),
    ...(typeof displayName === 'string' ? { displayName } : {}),
    params: Array.isArray(params) ? params.flatMap(parameterFrom) : [],
  };
}

function parameterFrom(said: unknown): ActionParameter[] {
  if (!isMap(said) || typeof said['name'] !== 'string') return [];
  const { name, default: value } = said;
  return [{ name, ...(value === undefined || value === null ? {} : { default: String(value) }) }];
}

/**
 * From what `action.lua` returned: the changed object, or a list of {operation, resource}.
 * @param live the object the action was asked of
 * @throws GitOpsError ScriptFailed when it is neither
 */
export function effectsFrom(returned: unknown, live: KubernetesObject): ActionEffect[] {
  if (Array.isArray(returned)) return returned.map((one) => effectFrom(one, live));
  return [patchTo(returned, live)];
}

function effectFrom(said: unknown, live: KubernetesObject): ActionEffect {
  const { operation, resource } = isMap(said) ? said : {};
  if (operation === 'patch') return patchTo(resource, live);
  if (operation === 'create' && isObject(resource)) return { operation, object: resource };
  throw wrong(`expected {operation = "create" or "patch", resource = ...}`);
}

function patchTo(changed: unknown, live: KubernetesObject): ActionEffect {
  if (!isObject(changed)) throw wrong('expected an object with apiVersion, kind and metadata.name');
  if (changed.kind !== live.kind || changed.metadata.name !== live.metadata.name)
    throw wrong(`it changed ${changed.kind} ${changed.metadata.name}, which is not what it was asked of`);
  return { operation: 'patch', patch: mergePatch(live, asItWas(changed, live)) as Fields };
}

function wrong(what: string): GitOpsError {
  return new GitOpsError('ScriptFailed', `the action returned something else: ${what}`);
}

function isObject(value: unknown): value is KubernetesObject {
  if (!isMap(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') return false;
  return isMap(value['metadata']) && typeof value['metadata']['name'] === 'string';
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Empty maps become empty lists again where they were lists before the script saw them. */
function asItWas(value: unknown, before: unknown): unknown {
  if (Array.isArray(value))
    return value.map((entry, i) => asItWas(entry, Array.isArray(before) ? before[i] : undefined));
  if (!isMap(value)) return value;
  if (Array.isArray(before) && Object.keys(value).length === 0) return [];
  const known = isMap(before) ? before : {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asItWas(entry, known[key])]));
}

/**
 * The merge patch from one state to another. Lua knows neither null nor the difference between an empty list and an empty
 * map: what was null or empty and still is, is no change.
 */
export function mergePatch(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return after;
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (isSame(was, is)) continue;
    patch[key] = isMap(was) && isMap(is) ? mergePatch(was, is) : (is ?? null);
  }
  return patch;
}

function isSame(a: unknown, b: unknown): boolean {
  if (isNothing(a) && isNothing(b)) return isAbsent(a) === isAbsent(b) || a === null || b === null;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((entry, i) => isSame(entry, b[i]));
  if (!isMap(a) || !isMap(b)) return a === b;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(a[key], b[key]));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Absent, or without content: an empty list, an empty map. */
function isNothing(value: unknown): boolean {
  return isAbsent(value) || (typeof value === 'object' && Object.keys(value as object).length === 0);
}
