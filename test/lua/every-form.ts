/**
 * Which forms of the language the small scripts show: calls with their parameters and the fields of their tables, taken
 * from the schemas that check them; keys of the DSL and functions of the modules, taken from the reference.
 */
import { calls } from '../../src/lua/calls/calls.js';
import { callSchemas, type FieldSchema } from '../../src/lua/generated/call-schemas.js';
import type { Data } from '../../src/lua/host.js';
import { modules } from '../../src/lua/reference/modules.js';
import { configKeys, methodsSeenInTheWild, taskKeys, workflowKeys } from '../../src/lua/reference/tasks.js';
import type { SentCall } from './script-case.js';

/** A table that occurs in several calls is shown once, wherever that is. */
const shared: readonly (readonly [RegExp, string])[] = [
  [/^gitops\.create_workflow\(1\)/, 'gitops.workflow(1)'],
  [/^gitops\.promote\(1\)\.(from|(to|environments)(\[\])?)(?=\.)/, 'stage'],
  [/^http\.\w+(\(2\)|(?<=request)\(1\))(?=\.)/, 'http options'],
  [/^.*\.(?=(credentials|checks|render)\b)/, ''],
  [/^.*\.(commit_status|pull_request)(?=\.(provider|api|repository|token))/, 'forge'],
  [/^(?:|.*\.)notifications\.(slack|teams|ntfy|webhook|email)(?:\(1\)|\[\])?(?=\.)/, '$1'],
  [/^\w+\.on\[\]/, 'on'],
];
/** Made by the language itself, not by scripts: which fields they are given is its own affair. */
const internal = /^workspace\./;

const once = (form: string): string => shared.reduce((text, [where, instead]) => text.replace(where, instead), form);

type Table = Readonly<Record<string, Data>>;

export class ShownForms {
  private readonly forms = new Set<string>();
  private sources = '';

  add(source: string, sent: readonly SentCall[]): void {
    this.sources += `${source}\n`;
    for (const [call, ...args] of sent) formsOfCall(call, args).forEach((form) => this.forms.add(once(form)));
  }

  missingCalls(): string[] {
    const wanted = new Set(Object.keys(calls).flatMap(formsWanted).map(once));
    return [...wanted].filter((form) => !this.forms.has(form));
  }

  missingKeys(): string[] {
    const dsl = [...taskKeys, ...workflowKeys].map(({ name }) => name);
    const methods = [...dsl, ...methodsSeenInTheWild].map((name) => `:${name}`);
    const keys = [...dsl, ...configKeys.map(({ name }) => name)].map((name) => `${name} =`);
    return [...methods, ...keys].filter((form) => !this.isWritten(form));
  }

  missingFunctions(): string[] {
    const all = modules.flatMap(({ name, functions }) => Object.keys(functions).map((f) => `${name}.${f}`));
    return all.filter((form) => !this.isWritten(form));
  }

  private isWritten(form: string): boolean {
    return new RegExp(`(?<!\\w)${form.replace('.', '\\.')}(?!\\w)`).test(this.sources);
  }
}

/** Parameters of a call by their position, fields by their path; each word of an enumeration, each alternative. */
function formsWanted(call: string): string[] {
  const parameters = (calls[call]?.parameters ?? []).flatMap(({ schema }, i) => [
    `${call}(${i + 1})`,
    ...(schema === undefined || internal.test(call) ? [] : fieldsWanted(`${call}(${i + 1})`, callSchemas[schema])),
  ]);
  return [call, ...parameters];
}

function fieldsWanted(
  path: string,
  { properties = {}, items, enum: words, anyOf = [], duration }: FieldSchema,
): string[] {
  if (duration !== undefined) return [];
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      `${path}.${name}`,
      ...fieldsWanted(`${path}.${name}`, field),
    ]),
    ...(words ?? []).map((word) => `${path} = ${word}`),
    ...(items === undefined ? [] : fieldsWanted(`${path}[]`, items)),
    ...anyOf.flatMap((one) => [
      ...((one.enum ?? one.type === undefined) ? [] : [`${path}: ${String(one.type)}`]),
      ...fieldsWanted(path, one),
    ]),
  ];
}

function formsOfCall(call: string, args: readonly Data[]): string[] {
  return [call, ...args.flatMap((value, i) => (value === null ? [] : formsOf(`${call}(${i + 1})`, value)))];
}

function formsOf(path: string, value: Data): string[] {
  if (Array.isArray(value))
    return [path, `${path}: array`, ...value.flatMap((entry: Data) => formsOf(`${path}[]`, entry))];
  if (typeof value !== 'object' || value === null)
    return [path, `${path}: ${typeof value}`, `${path} = ${String(value)}`];
  const fields = Object.entries(value as Table).flatMap(([name, entry]) => formsOf(`${path}.${name}`, entry));
  return [path, `${path}: object`, ...fields];
}
