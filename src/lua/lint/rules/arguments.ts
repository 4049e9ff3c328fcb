/**
 * What calls are given: enough arguments, of the right type, with fields that there are.
 */
import { callSchemas } from '../../generated/call-schemas.js';
import type { FunctionEntry, ParameterEntry } from '../../reference/function-entry.js';
import { modulesByName } from '../../reference/modules.js';
import { remark, type Remark } from '../rule.js';
import { checkTable } from '../schema-check.js';
import type { ScriptCall, ScriptFacts } from '../script-facts.js';
import { isOpenEnded } from '../syntax-tree.js';
import { typeOf } from '../table-fields.js';

interface KnownCall {
  readonly call: ScriptCall;
  readonly path: string;
  readonly entry: FunctionEntry;
}

function knownCalls(script: ScriptFacts): KnownCall[] {
  return script.calls.flatMap((call) => {
    const [module = '', name = '', ...rest] = call.path?.split('.') ?? [];
    const entry =
      rest.length === 0 && call.method === undefined ? modulesByName.get(module)?.functions[name] : undefined;
    return entry === undefined ? [] : [{ call, path: `${module}.${name}`, entry }];
  });
}

export function badArguments(script: ScriptFacts): Remark[] {
  return knownCalls(script).flatMap((known) => [...missing(known), ...wrongTypes(known)]);
}

function missing({ call: { node, args }, path, entry }: KnownCall): Remark[] {
  if (isOpenEnded(args)) return [];
  const absent = entry.parameters.filter(({ optional }, i) => !optional && args[i] === undefined);
  return absent
    .slice(0, 1)
    .map(({ name }) =>
      remark(node, `${path} needs ${name.replaceAll('_', ' ')}`, `write ${path}(${signature(entry)})`),
    );
}

function wrongTypes({ call: { args }, path, entry }: KnownCall): Remark[] {
  return entry.parameters.flatMap((parameter, i) => {
    const [node] = args.slice(i, i + 1);
    const type = node && typeOf(node);
    const accepted = typesOf(parameter);
    if (node === undefined || type === undefined || accepted === undefined || accepted.includes(type)) return [];
    if (type === 'nil' && parameter.optional) return [];
    const name = parameter.name.replaceAll('_', ' ');
    return [remark(node, `argument ${i + 1} of ${path} is a ${type}: ${name} expected, a ${accepted.join(' or ')}`)];
  });
}

/** Undefined when anything may be given. */
function typesOf({ type, schema }: ParameterEntry): readonly string[] | undefined {
  if (schema !== undefined) return ['table'];
  const types = type
    .split('|')
    .map((one) => (/^(sloth\.|table|\{)|\[\]$/.test(one) ? 'table' : /^fun\b/.test(one) ? 'function' : one));
  return types.every((one) => ['string', 'number', 'boolean', 'table', 'function', 'nil'].includes(one))
    ? types
    : undefined;
}

function signature({ parameters }: FunctionEntry): string {
  return parameters
    .filter(({ optional }) => !optional)
    .map(({ name, schema }) => (schema === undefined ? name : '{ ... }'))
    .join(', ');
}

export function unknownFields(script: ScriptFacts): Remark[] {
  return knownCalls(script).flatMap(({ call, path, entry }) =>
    entry.parameters.flatMap(({ schema }, i) => {
      const table = script.tableOf(call.args[i]);
      return schema === undefined || table === undefined
        ? []
        : checkTable(table, callSchemas[schema], { call: path, script });
    }),
  );
}

/** Neither `repo` nor `repository` nor `repos`: nothing to follow. */
export function missingRepository(script: ScriptFacts): Remark[] {
  return knownCalls(script).flatMap(({ call, path }) => {
    const wanted = path === 'gitops.workflow' || path === 'gitops.create_workflow';
    const [first] = call.args;
    if (!wanted || first?.type !== 'TableConstructorExpression') return [];
    const names = first.fields.map((field) => (field.type === 'TableKeyString' ? field.key.name : undefined));
    const found = names.some((name) => name === undefined || ['repo', 'repository', 'repos'].includes(name));
    return found
      ? []
      : [
          remark(
            call.node,
            `${path} needs a repository`,
            'write repo = "https://...", "owner/name", a path, or the id of a registered one',
          ),
        ];
  });
}
