/**
 * CEL as Kubernetes' admission policies use it, behind one function. An expression that does not parse, or that calls
 * or reads what is not there, is refused when it is compiled; what goes wrong while it is evaluated is a value.
 */
import { celEnv, celMap, isCelError, isCelList, isCelMap, parse, plan, type CelInput } from '@bufbuild/cel';
import { GitOpsError } from '../errors.js';
import { nearest } from '../nearest.js';
import { withBudget } from './cel-budget.js';
import { kubernetesFunctions, tick } from './cel-functions.js';
import { spreadOptional, withoutOptionalSyntax } from './cel-optional.js';
import { call, children, constant, dottedName, type Expr } from './cel-tree.js';

export interface Scope {
  /** Names that the expression may read. */
  readonly names: ReadonlySet<string>;
  /** Of names whose fields are all known: these, such as what `variables` declares in front of the expression. */
  readonly members: Readonly<Record<string, ReadonlySet<string>>>;
}

export type Bindings = Readonly<Record<string, CelInput>>;

/** `error`: why there is no value. */
export type Outcome = { readonly value: unknown } | { readonly error: string };

export interface Expression {
  readonly text: string;
  /** The field of the object it looks at first, such as `spec.replicas`. */
  readonly field: string | undefined;
  evaluate(bindings: Bindings): Outcome;
}

const maxLength = 10_000;
const env = celEnv({ funcs: kubernetesFunctions });

/** @param where file, line and field of the expression @throws GitOpsError InvalidPolicy */
export function compile(text: string, scope: Scope, where: string): Expression {
  if (text.length > maxLength) throw refused(where, `the expression is longer than ${maxLength} characters`);
  try {
    return compiled(text, scope, where);
  } catch (error) {
    if (error instanceof GitOpsError) throw error;
    throw refused(where, `the expression cannot be read: ${messageOf(error)}`);
  }
}

function compiled(text: string, scope: Scope, where: string): Expression {
  const rewritten = withoutOptionalSyntax(text);
  const { expr, sourceInfo } = parsed(rewritten.text, (offset) => position(text, rewritten.original(offset)), where);
  spreadOptional(expr);
  const at = (id: bigint): string => position(text, rewritten.original(sourceInfo?.positions[String(id)] ?? 0));
  checkNames(expr, scope.names, { scope, fail: (id, why, hint) => refused(where, `${at(id)}: ${why}`, hint) });
  countIterations(expr);
  const run = plan(env, expr);
  return { text, field: firstField(expr), evaluate: (bindings) => withBudget(() => outcome(run, bindings)) };
}

function parsed(text: string, at: (offset: number) => string, where: string) {
  try {
    const { expr, sourceInfo } = parse(`${text}\n`); // it wants one behind a comment
    if (expr !== undefined) return { expr, sourceInfo };
  } catch (error) {
    const { location } = error as { location?: { start: { offset: number } } };
    const why = messageOf(error).replace(/^<input>:\d+:\d+: /, '');
    throw refused(where, `${at(location?.start.offset ?? 0)}: no CEL expression: ${why}`);
  }
  throw refused(where, 'the expression is empty');
}

/** `column 5`, or `line 2, column 5` of an expression of several lines. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = `column ${(before.at(-1) ?? '').length + 1}`;
  return text.includes('\n') ? `line ${before.length}, ${column}` : column;
}

interface Checking {
  readonly scope: Scope;
  readonly fail: (id: bigint, why: string, hint?: string) => GitOpsError;
}

const types = 'int uint double bool string bytes list map null_type type dyn'.split(' ');

/** @throws GitOpsError for the first name nobody knows */
function checkNames(expr: Expr, names: ReadonlySet<string>, checking: Checking): void {
  const { exprKind, id } = expr;
  if (exprKind.case === 'identExpr') return checkVariable(exprKind.value.name, id, names, checking);
  if (exprKind.case === 'selectExpr') checkMember(expr, checking);
  if (exprKind.case === 'callExpr' && checkFunction(expr, checking))
    return exprKind.value.args.forEach((arg) => checkNames(arg, names, checking));
  if (exprKind.case !== 'comprehensionExpr') return children(expr).forEach((e) => checkNames(e, names, checking));
  const { iterRange, iterVar, accuVar, ...body } = exprKind.value;
  if (iterRange !== undefined) checkNames(iterRange, names, checking);
  const inside = new Set([...names, iterVar, accuVar]);
  for (const part of [body.accuInit, body.loopCondition, body.loopStep, body.result])
    if (part !== undefined) checkNames(part, inside, checking);
}

function checkVariable(written: string, id: bigint, names: ReadonlySet<string>, { fail }: Checking): void {
  const name = written.replace(/^\./, '');
  if (names.has(name) || types.includes(name)) return;
  const near = nearest(name, [...names]);
  throw fail(id, `unknown variable '${name}'`, near === undefined ? undefined : `did you mean '${near}'?`);
}

/** `variables.name` must have been declared, `request.name` exist. */
function checkMember(expr: Expr, { scope, fail }: Checking): void {
  const [root = '', name, ...deeper] = dottedName(expr)?.split('.') ?? [];
  if (deeper.length > 0) return;
  const members = Object.hasOwn(scope.members, root) ? scope.members[root] : undefined;
  if (members === undefined || name === undefined || members.has(name)) return;
  const near = nearest(name, [...members]);
  const hint =
    near === undefined ? `${root} has ${[...members].join(', ') || 'no fields yet'}` : `did you mean '${near}'?`;
  throw fail(expr.id, `unknown variable '${root}.${name}'`, hint);
}

/** @returns whether the target of the call is a namespace, such as `sets`, and no variable */
function checkFunction({ exprKind, id }: Expr, { fail }: Checking): boolean {
  if (exprKind.case !== 'callExpr') return false;
  const { function: name, target, args } = exprKind.value;
  if (!/^[A-Za-z]/.test(name)) return false;
  const prefix = target && dottedName(target);
  const qualified = prefix === undefined ? undefined : `${prefix}.${name}`;
  if (qualified !== undefined && fits(qualified, args.length, false)) return true;
  if (fits(name, args.length, target !== undefined)) return false;
  const shown = prefix !== undefined && namespaces.has(prefix) ? `${prefix}.${name}` : name;
  throw fail(id, `the function '${shown}' with ${args.length} arguments is not supported here`, hintFor(shown));
}

function fits(name: string, args: number, method: boolean): boolean {
  const group = env.funcs.find(name);
  return [...(group ?? [])].some((f) => (f.target !== undefined) === method && f.arguments.length === args);
}

const namespaces = new Set(['optional', 'sets', 'math', 'strings', 'cel', 'base64', 'ip', 'cidr', 'semver']);

function hintFor(name: string): string {
  const known = [...new Set([...env.funcs].map((f) => f.name))].filter((f) => /^[A-Za-z.]+$/.test(f));
  const near = nearest(name, known);
  return near === undefined || near === name
    ? 'docs/policies.md lists the functions'
    : `did you mean '${near}'? docs/policies.md lists the functions`;
}

/** `condition` becomes `tick() ? condition : false`: an error of the tick ends the loop. */
function countIterations(expr: Expr): void {
  children(expr).forEach(countIterations);
  if (expr.exprKind.case !== 'comprehensionExpr') return;
  const { value } = expr.exprKind;
  const never = constant({ case: 'boolValue', value: false });
  if (value.loopCondition !== undefined)
    value.loopCondition = call('_?_:_', undefined, [call(tick, undefined, []), value.loopCondition, never]);
}

/** What stands behind `object.` in the first selection that is more than a question whether it is there. */
function firstField(expr: Expr): string | undefined {
  const all = fieldsOf(expr);
  return (all.find(({ tested }) => !tested) ?? all[0])?.path;
}

function fieldsOf(expr: Expr): { path: string; tested: boolean }[] {
  const name = dottedName(expr);
  if (name?.startsWith('object.'))
    return [
      {
        path: name.slice('object.'.length),
        tested: expr.exprKind.case === 'selectExpr' && expr.exprKind.value.testOnly,
      },
    ];
  return children(expr).flatMap(fieldsOf);
}

function outcome(run: ReturnType<typeof plan>, bindings: Bindings): Outcome {
  try {
    const result = run(bindings);
    return isCelError(result) ? { error: result.message } : { value: result };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** Whole numbers are ints, as in Kubernetes, where the schema says so. */
export function celInput(value: unknown): CelInput {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(celInput) as CelInput;
  return celMap(new Map(Object.entries(value as object).map(([key, field]) => [key, celInput(field)]))) as CelInput;
}

/** A value for people: texts and numbers as they are. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isCelList(value) || isCelMap(value)) return isCelList(value) ? 'a list' : 'a map';
  return String(value);
}

function refused(where: string, why: string, hint?: string): GitOpsError {
  return new GitOpsError('InvalidPolicy', `${where}: ${why}`, hint === undefined ? {} : { hint });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
