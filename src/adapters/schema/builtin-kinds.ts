/**
 * The kinds that Kubernetes itself brings, as the client library knows them: their fields from its models, their groups
 * and scopes from its API classes (`AppsV1Api.createNamespacedDeployment`).
 */
import * as kubernetes from '@kubernetes/client-node';
import type { FieldType, Types } from '../../domain/validation/field-types.js';

export interface BuiltinKind {
  /** Name of its type. */
  readonly type: string;
  readonly namespaced: boolean;
}

interface Model {
  getAttributeTypeMap?(): readonly { baseName: string; type: string; format: string }[];
}

const exported = kubernetes as unknown as Readonly<Record<string, Model & { readonly prototype?: object }>>;

export const builtinTypes: Types = (name) => {
  const map = exported[name]?.getAttributeTypeMap?.();
  return map?.map(({ baseName, type, format }): FieldType => ({ name: baseName, type, format }));
};

const bare = new Set(['apps', 'autoscaling', 'batch', 'policy']);
const apiClass = /^([A-Z].*?)(V\d+(?:(?:alpha|beta)\d+)?)Api$/;

let found: ReadonlyMap<string, BuiltinKind> | undefined;

/** By `apiVersion kind`. */
function known(): ReadonlyMap<string, BuiltinKind> {
  return (found ??= new Map(Object.keys(exported).flatMap(kindsOf)));
}

/** @returns undefined when Kubernetes 1.34 has no such kind */
export function builtinKind(apiVersion: string, kind: string): BuiltinKind | undefined {
  return known().get(`${apiVersion} ${kind}`);
}

/** Whether somebody else could define kinds in that group. */
export function isBuiltinGroup(apiVersion: string): boolean {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/') + 1) : '';
  return [...known().keys()].some((key) => (group === '' ? /^v\d/.test(key) : key.startsWith(group)));
}

/** Builtin kinds that are called so, for what else an apiVersion could have meant. */
export function versionsOf(kind: string): string[] {
  return [...known().keys()].filter((key) => key.endsWith(` ${kind}`)).map((key) => key.slice(0, key.indexOf(' ')));
}

export function builtinKindNames(): string[] {
  return [...new Set([...known().keys()].map((key) => key.slice(key.indexOf(' ') + 1)))];
}

function kindsOf(className: string): (readonly [string, BuiltinKind])[] {
  const [, prefix = '', version = ''] = apiClass.exec(className) ?? [];
  const prototype = exported[className]?.prototype;
  if (prefix === '' || prototype === undefined) return [];
  return Object.getOwnPropertyNames(prototype).flatMap((method) => {
    const [, namespaced, kind = ''] = /^create(Namespaced)?([A-Z]\w*?)$/.exec(method) ?? [];
    const type = [`${version}${kind}`, `${prefix}${version}${kind}`].find((name) => builtinTypes(name) !== undefined);
    if (kind === '' || type === undefined) return [];
    return [[`${apiVersionOf(prefix, version)} ${kind}`, { type, namespaced: namespaced !== undefined }] as const];
  });
}

/** `RbacAuthorization`, `V1` -> `rbac.authorization.k8s.io/v1` */
function apiVersionOf(prefix: string, version: string): string {
  const words = prefix.replace(/(?!^)[A-Z]/g, '.$&').toLowerCase();
  if (words === 'core') return version.toLowerCase();
  return `${bare.has(words) ? words : `${words}.k8s.io`}/${version.toLowerCase()}`;
}
