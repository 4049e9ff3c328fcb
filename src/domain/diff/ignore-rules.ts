/**
 * `ignore_differences`: fields that an application leaves as they are in the cluster. An ignored field is neither
 * reported nor written when the object exists; what is created has what the manifest says.
 */
import picomatch from 'picomatch';
import { groupOf, type KubernetesObject, type ObjectReference } from '../object.js';
import { isOurs, isTaken } from './managers.js';
import { leaves, ownedBy, touches, valueAt, withoutValue, withValue, type FieldSteps } from './field-set.js';

/** Which objects (globs with `*`; absent: any), and which of their fields. */
export interface IgnoreRule {
  readonly group?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  /** RFC 6901: `/spec/replicas`, `/metadata/annotations/example.com~1stamp`. */
  readonly jsonPointers: readonly string[];
  /** Field managers whose fields are theirs. */
  readonly managers: readonly string[];
}

/** The rules that speak of an object. */
export function rulesFor(rules: readonly IgnoreRule[], reference: ObjectReference): readonly IgnoreRule[] {
  const { apiVersion, kind, name, namespace = '' } = reference;
  return rules.filter(
    (rule) =>
      matches(rule.group, groupOf(apiVersion)) &&
      matches(rule.kind, kind) &&
      matches(rule.name, name) &&
      matches(rule.namespace, namespace),
  );
}

/** The core group is the empty string, so that an empty pattern is not the same as none. */
function matches(pattern: string | undefined, value: string): boolean {
  if (pattern === undefined || pattern === '*') return true;
  if (!pattern.includes('*')) return value === pattern;
  return picomatch.isMatch(value, pattern, { nonegate: true, nobrace: true, noextglob: true, dot: true, bash: true });
}

/**
 * What to apply to a live object: the ignored fields are left out, so that their owners keep them; where there is no
 * owner but us, or kubectl (whose fields we may take over), we own the live value: a field that nobody owns is deleted.
 */
export function withIgnored(
  desired: KubernetesObject,
  live: KubernetesObject,
  rules: readonly IgnoreRule[],
): KubernetesObject {
  const others = ownedBy(live, (entry) => !isOurs(entry) && !isTaken(entry));
  return ignoredFields(desired, live, rules).reduce((object, steps) => {
    const value = valueAt(live, steps);
    const kept = value !== undefined && !touches(others, steps, live);
    return kept ? withValue(object, steps, value) : withoutValue(object, steps);
  }, desired);
}

/** For an object that is put in place of the live one: the ignored fields as they are there. */
export function withLiveValues(
  desired: KubernetesObject,
  live: KubernetesObject,
  rules: readonly IgnoreRule[],
): KubernetesObject {
  return ignoredFields(desired, live, rules).reduce((object, steps) => {
    const value = valueAt(live, steps);
    return value === undefined ? withoutValue(object, steps) : withValue(object, steps, value);
  }, desired);
}

/** Identity is not to be ignored away. */
const untouchable = /^(f:apiVersion|f:kind|f:metadata(,f:(name|namespace|managedFields))?)$/;

function ignoredFields(
  desired: KubernetesObject,
  live: KubernetesObject,
  rules: readonly IgnoreRule[],
): readonly FieldSteps[] {
  const pointed = rules.flatMap((rule) => rule.jsonPointers).flatMap((pointer) => stepsOf(pointer, desired, live));
  const managers = new Set(rules.flatMap((rule) => rule.managers));
  const managed = managers.size === 0 ? [] : leaves(ownedBy(live, ({ manager = '' }) => managers.has(manager)));
  return [...pointed, ...managed].filter((steps) => !untouchable.test(steps.join()));
}

/**
 * A pointer as steps along the object; none for a pointer into a list without such an item. An item that has a name is
 * found by it in both states: a sidecar that was put in front must not shift the others.
 */
function stepsOf(pointer: string, desired: KubernetesObject, live: KubernetesObject): FieldSteps[] {
  const steps: string[] = [];
  for (const token of pointer.split('/').slice(1).map(unescape)) {
    const list = [valueAt(desired, steps), valueAt(live, steps)].find((value) => Array.isArray(value)) as
      unknown[] | undefined;
    if (list === undefined) steps.push(`f:${token}`);
    else if (!/^\d+$/.test(token)) return [];
    else steps.push(itemStep(list[Number(token)], token));
  }
  return steps.length === 0 ? [] : [steps];
}

function itemStep(item: unknown, index: string): string {
  const name = (item as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? `k:${JSON.stringify({ name })}` : `i:${index}`;
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Why a text is no JSON pointer to a field; undefined when it is one. */
export function pointerFault(pointer: string): string | undefined {
  if (!pointer.startsWith('/')) return `begins with '/', such as /${pointer.replace(/^\.?/, '').replaceAll('.', '/')}`;
  if (/~(?![01])/.test(pointer)) return 'writes ~ as ~0 and / inside a name as ~1';
  return pointer === '/' ? 'names a field' : undefined;
}
