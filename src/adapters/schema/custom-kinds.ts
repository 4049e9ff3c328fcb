/**
 * Kinds that CustomResourceDefinitions among the manifests define, checked with their own schemas.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { KubernetesObject } from '../../domain/object.js';
import { isTable, unknown } from '../../domain/validation/field-types.js';
import type { Remark } from '../../domain/validation/finding.js';

export interface CustomKind {
  readonly namespaced: boolean;
  check(object: KubernetesObject): Remark[];
}

interface Definition {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly { readonly name?: string; readonly schema?: { readonly openAPIV3Schema?: unknown } }[];
}

/** By `apiVersion kind`. */
export function customKinds(objects: readonly KubernetesObject[]): ReadonlyMap<string, CustomKind> {
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  return new Map(definitions.flatMap(({ spec }) => kindsOf((isTable(spec) ? spec : {}) as Definition)));
}

function kindsOf({ group, scope, names, versions }: Definition): (readonly [string, CustomKind])[] {
  if (!Array.isArray(versions)) return [];
  return (versions as NonNullable<Definition['versions']>).map(({ name, schema }) => [
    `${group}/${name} ${names?.kind}`,
    { namespaced: scope === 'Namespaced', check: checkerOf(schema?.openAPIV3Schema) },
  ]);
}

function checkerOf(schema: unknown): CustomKind['check'] {
  if (!isTable(schema)) return () => [];
  let validate: ValidateFunction | Remark | undefined;
  return (object) => {
    validate ??= compiled(schema);
    if (typeof validate !== 'function') return [validate];
    validate(object);
    return (validate.errors ?? []).flatMap(remarkOf);
  };
}

const settings = { strict: false, allErrors: true, verbose: true, validateFormats: false, logger: false } as const;

/** A schema the library cannot use (patterns of Go that are none here, say) leaves its objects unchecked, and says so. */
function compiled(schema: unknown): ValidateFunction | Remark {
  try {
    return new Ajv(settings).compile(jsonSchema(schema, true) as object);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { severity: 'warning', path: ['kind'], message: `the schema of its definition cannot be used: ${why}` };
  }
}

/** What comes with every object, and is checked elsewhere. */
const always = { apiVersion: {}, kind: {}, metadata: {} };

/** A structural schema as JSON Schema: fields it does not name are unknown, unless it says that it keeps them. */
function jsonSchema(schema: unknown, isObject = false): unknown {
  if (!isTable(schema)) return schema;
  const { properties, additionalProperties, items, nullable, default: _default, type, ...rest } = schema;
  const whole = isObject || schema['x-kubernetes-embedded-resource'] === true;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const fields = isTable(properties) ? { ...(whole ? always : {}), ...mapped(properties) } : whole ? always : undefined;
  const closed = fields !== undefined && additionalProperties === undefined && !keeps;
  return {
    ...branches(rest),
    ...typeOf(type, schema, nullable === true),
    ...(fields === undefined ? {} : { properties: whole ? { ...fields, ...always } : fields }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: jsonSchema(additionalProperties) }),
    ...(closed ? { additionalProperties: false } : {}),
    ...(items === undefined ? {} : { items: jsonSchema(items) }),
  };
}

function typeOf(type: unknown, schema: Record<string, unknown>, nullable: boolean): { type?: unknown } {
  const types =
    schema['x-kubernetes-int-or-string'] === true ? ['integer', 'string'] : type === undefined ? [] : [type];
  return types.length === 0 ? {} : { type: nullable ? [...types, 'null'] : types };
}

function mapped(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, jsonSchema(schema)]));
}

/** In `allOf` and its like a structural schema only narrows: what it does not name stays allowed there. */
function branches(rest: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-')));
}

function remarkOf({
  instancePath,
  keyword,
  params,
  message = 'does not fit',
  parentSchema,
  data,
}: ErrorObject): Remark[] {
  const path = instancePath.split('/').slice(1).map(unescaped).map(indexOrName);
  const { additionalProperty, missingProperty, allowedValues } = params as Record<string, unknown>;
  if (data === null) return []; // as good as nothing
  if (keyword === 'additionalProperties' && typeof additionalProperty === 'string')
    return [unknown(additionalProperty, Object.keys((parentSchema?.['properties'] ?? {}) as object), path)];
  if (keyword === 'required' && typeof missingProperty === 'string')
    return [{ path: [...path, missingProperty], message: 'is missing' }];
  if (keyword === 'enum') return [{ path, message: `must be one of ${(allowedValues as unknown[]).join(', ')}` }];
  return [{ path, message }];
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function indexOrName(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}
