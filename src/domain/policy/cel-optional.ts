/**
 * Optional fields as Kubernetes' CEL has them (`object.?spec.?replicas.orValue(1)`, `labels[?"app"]`). The library does
 * not read them, so they become calls before it parses, and selections on an optional become optional after it.
 */
import {
  celFunc,
  celMap,
  celMethod,
  CelScalar,
  isCelList,
  isCelMap,
  mapType,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel';
import { call, children, constant, type Expr } from './cel-tree.js';

export const select = 'optionalSelect__';

/** A name no expression writes: an optional is a map of this one key, or of none of it. */
const held = '@optional';
const nothing = '@none';

const { DYN, BOOL } = CelScalar;
const MAP = mapType(DYN, DYN);

function some(value: CelValue): CelMap {
  return celMap(new Map([[held, value]]));
}

const none = celMap(new Map([[nothing, true]]));

function isOptional(value: CelValue): value is CelMap {
  return isCelMap(value) && (isNone(value) || keysOf(value)[0] === held);
}

function isNone(value: CelMap): boolean {
  return keysOf(value)[0] === nothing;
}

function keysOf(value: CelMap): unknown[] {
  return value.size === 1 ? [...value.keys()] : [];
}

function contentOf(value: CelMap): CelValue | undefined {
  if (!isOptional(value)) throw new Error('an optional is expected, such as object.?spec');
  return isNone(value) ? undefined : value.get(held);
}

function step(from: CelValue, key: CelValue): CelMap {
  const container = isOptional(from) ? contentOf(from) : from;
  const value = valueAt(container, key);
  return value === undefined || value === null ? none : some(value);
}

function valueAt(container: CelValue | undefined, key: CelValue): CelValue | undefined {
  if (isCelMap(container)) return container.get(key as string);
  if (isCelList(container) && typeof key === 'bigint') return container.get(Number(key));
  return undefined;
}

export const optionalFunctions = [
  celMethod(select, DYN, [DYN], MAP, function (key) {
    return step(this, key);
  }),
  celFunc('optional.of', [DYN], MAP, some),
  celFunc('optional.none', [], MAP, () => none),
  celMethod('hasValue', MAP, [], BOOL, function () {
    return contentOf(this) !== undefined;
  }),
  celMethod('orValue', MAP, [DYN], DYN, function (instead) {
    return contentOf(this) ?? instead;
  }),
  celMethod('or', MAP, [MAP], MAP, function (other) {
    return contentOf(this) === undefined ? other : this;
  }),
  celMethod('value', MAP, [], DYN, function () {
    const value = contentOf(this);
    if (value === undefined) throw new Error('the optional holds no value');
    return value;
  }),
];

export interface Rewritten {
  readonly text: string;
  /** Offset in the text as it was written. */
  original(offset: number): number;
}

/** Strings and comments as they are; `.?name` and `[?` are what is looked for. */
const token =
  /[rRbB]{0,2}("""[^]*?"""|'''[^]*?''')|[rR]("[^"\n]*"|'[^'\n]*')|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\.\?\s*([A-Za-z_]\w*)|\[\?|\[|\]/g;

export function withoutOptionalSyntax(text: string): Rewritten {
  const moves: { at: number; by: number }[] = [];
  const open: string[] = [];
  let result = '';
  let from = 0;
  for (const match of text.matchAll(token)) {
    const replacement = replacementOf(match, open);
    if (replacement === match[0]) continue;
    result += text.slice(from, match.index) + replacement;
    from = match.index + match[0].length;
    moves.push({ at: result.length, by: result.length - from });
  }
  const original = (offset: number): number => offset - (moves.filter(({ at }) => at <= offset).at(-1)?.by ?? 0);
  return { text: result + text.slice(from), original };
}

function replacementOf([text, , , name]: RegExpMatchArray, open: string[]): string {
  if (text === '[' || text === '[?') open.push(text);
  if (name !== undefined) return `.${select}("${name}")`;
  if (text === '[?') return `.${select}(`;
  return text === ']' && open.pop() === '[?' ? ')' : text;
}

/** Makes each selection on an optional an optional one, in place. @returns whether the expression gives an optional */
export function spreadOptional(expr: Expr | undefined): boolean {
  const { exprKind } = expr ?? {};
  if (expr === undefined || exprKind === undefined) return false;
  if (exprKind.case === 'callExpr') {
    const { target, args } = exprKind.value;
    const optional = spreadOptional(target);
    const rest = args.map(spreadOptional);
    if (exprKind.value.function === '_[_]' && rest[0] === true) {
      const [operand, index] = args;
      expr.exprKind = call(select, operand, index === undefined ? [] : [index]).exprKind;
      return true;
    }
    return exprKind.value.function === select || (optional && exprKind.value.function === 'or');
  }
  if (exprKind.case === 'selectExpr') return spreadSelection(expr, exprKind.value);
  for (const child of children(expr)) spreadOptional(child);
  return false;
}

type Selection = Extract<Expr['exprKind'], { case: 'selectExpr' }>['value'];

function spreadSelection(expr: Expr, { operand, field, testOnly }: Selection): boolean {
  if (!spreadOptional(operand)) return false;
  const optional = call(select, operand, [constant({ case: 'stringValue', value: field })]);
  expr.exprKind = (testOnly ? call('hasValue', optional, []) : optional).exprKind;
  return !testOnly;
}
