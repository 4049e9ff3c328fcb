/**
 * Functions that Kubernetes adds to CEL, those that policies in the wild call: lists, sets, quantities.
 * What is missing here is refused when a policy is loaded.
 * https://kubernetes.io/docs/reference/using-api/cel/
 */
import {
  celEnv,
  celFunc,
  celList,
  celMap,
  celMethod,
  CelScalar,
  isCelError,
  isCelList,
  isCelMap,
  listType,
  mapType,
  type CelList,
  type CelMap,
  type CelValue,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { limitBuilt, spend } from './cel-budget.js';
import { optionalFunctions } from './cel-optional.js';
import { isQuantity, nanosOf } from './quantity.js';

const { DYN, BOOL, INT, STRING, DOUBLE } = CelScalar;
const LIST = listType(DYN);
const MAP = mapType(DYN, DYN);

/** Counts an iteration; put into each comprehension. */
export const tick = 'tick__';

const native = celEnv({ funcs: strings }).funcs;

/** @throws what the library answers as an error */
function standard(name: string, target: CelValue | undefined, ...args: CelValue[]): CelValue {
  const result = native.find(name)?.call(0, target, args);
  if (isCelError(result)) throw result;
  if (result === undefined) throw new Error(`no such overload of ${name}`);
  return result;
}

const equal = (a: CelValue, b: CelValue): boolean => {
  weigh(a);
  weigh(b);
  return standard('_==_', undefined, a, b) === true;
};

/** Pays for a walk through a value: values that hold one another many times are larger than they look. */
function weigh(value: CelValue): void {
  spend(typeof value === 'string' ? 1 + value.length / 1000 : 1);
  if (isCelList(value)) for (const item of value) weigh(item);
  if (isCelMap(value)) for (const [, item] of value) weigh(item);
}

const items = (list: CelList): CelValue[] => {
  spend(list.size);
  return [...list];
};

const compare = (a: CelValue, b: CelValue): number =>
  standard('_<_', undefined, a, b) === true ? -1 : standard('_<_', undefined, b, a) === true ? 1 : 0;

const unique = (list: CelValue[]): CelValue[] =>
  list.filter((item, i) => list.findIndex((other) => equal(item, other)) === i);

const includes = (list: CelValue[], item: CelValue): boolean => list.some((other) => equal(item, other));

function extreme(list: CelList, sign: 1 | -1): CelValue {
  const [first, ...rest] = items(list);
  if (first === undefined) throw new Error('the list is empty');
  return rest.reduce<CelValue>((best, item) => (compare(item, best) * sign > 0 ? item : best), first);
}

function sum(list: CelList): CelValue {
  return items(list).reduce<CelValue>((total, item) => standard('_+_', undefined, total, item), 0n);
}

const listFunctions = [
  celMethod('sum', LIST, [], DYN, function () {
    return sum(this);
  }),
  celMethod('min', LIST, [], DYN, function () {
    return extreme(this, -1);
  }),
  celMethod('max', LIST, [], DYN, function () {
    return extreme(this, 1);
  }),
  celMethod('indexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt(items(this).findIndex((item) => equal(item, wanted)));
  }),
  celMethod('lastIndexOf', LIST, [DYN], INT, function (wanted) {
    return BigInt(items(this).findLastIndex((item) => equal(item, wanted)));
  }),
  celMethod('isSorted', LIST, [], BOOL, function () {
    const all = items(this);
    return all.every((item, i) => i === 0 || compare(all[i - 1] as CelValue, item) <= 0);
  }),
  celMethod('distinct', LIST, [], LIST, function () {
    return celList(unique(items(this)));
  }),
  celMethod('sort', LIST, [], LIST, function () {
    return celList(items(this).sort(compare));
  }),
  celMethod('reverse', LIST, [], LIST, function () {
    return celList(items(this).reverse());
  }),
  celMethod('slice', LIST, [INT, INT], LIST, function (from, to) {
    return celList(items(this).slice(Number(from), Number(to)));
  }),
  celMethod('flatten', LIST, [], LIST, function () {
    return celList(items(this).flatMap((item) => (isCelList(item) ? items(item) : [item])));
  }),
  celFunc('sets.contains', [LIST, LIST], BOOL, (all, some) => {
    const list = items(all);
    return items(some).every((item) => includes(list, item));
  }),
  celFunc('sets.intersects', [LIST, LIST], BOOL, (a, b) => {
    const list = items(a);
    return items(b).some((item) => includes(list, item));
  }),
  celFunc('sets.equivalent', [LIST, LIST], BOOL, (a, b) => {
    const [left, right] = [items(a), items(b)];
    return left.every((item) => includes(right, item)) && right.every((item) => includes(left, item));
  }),
  celFunc('math.greatest', [DYN, DYN], DYN, (a, b) => (compare(a, b) > 0 ? a : b)),
  celFunc('math.least', [DYN, DYN], DYN, (a, b) => (compare(a, b) > 0 ? b : a)),
];

/** A name no expression writes: a quantity is a map of this one key, to billionths of its unit. */
const quantityKey = '@quantity';
const nano = 1_000_000_000n;

function quantity(nanos: bigint): CelMap {
  return celMap(new Map([[quantityKey, nanos]]));
}

function nanosIn(value: CelMap): bigint {
  const nanos = value.get(quantityKey);
  if (typeof nanos === 'bigint') return nanos;
  throw new Error('a quantity is expected, such as quantity("1Gi")');
}

const parsedQuantity = (text: string): CelMap => {
  const nanos = nanosOf(text);
  if (nanos === undefined) throw new Error(`'${text}' is no quantity`);
  return quantity(nanos);
};

const quantityFunctions = [
  celFunc('quantity', [STRING], MAP, parsedQuantity),
  celFunc('quantity', [INT], MAP, (whole) => quantity(whole * nano)),
  celFunc('isQuantity', [STRING], BOOL, isQuantity),
  celMethod('isGreaterThan', MAP, [MAP], BOOL, function (other) {
    return nanosIn(this) > nanosIn(other);
  }),
  celMethod('isLessThan', MAP, [MAP], BOOL, function (other) {
    return nanosIn(this) < nanosIn(other);
  }),
  celMethod('compareTo', MAP, [MAP], INT, function (other) {
    const difference = nanosIn(this) - nanosIn(other);
    return difference === 0n ? 0n : difference > 0n ? 1n : -1n;
  }),
  celMethod('sign', MAP, [], INT, function () {
    const nanos = nanosIn(this);
    return nanos === 0n ? 0n : nanos > 0n ? 1n : -1n;
  }),
  celMethod('isInteger', MAP, [], BOOL, function () {
    return nanosIn(this) % nano === 0n;
  }),
  celMethod('asInteger', MAP, [], INT, function () {
    if (nanosIn(this) % nano !== 0n) throw new Error('the quantity is no integer');
    return nanosIn(this) / nano;
  }),
  celMethod('asApproximateFloat', MAP, [], DOUBLE, function () {
    return Number(nanosIn(this)) / Number(nano);
  }),
  celMethod('add', MAP, [MAP], MAP, function (other) {
    return quantity(nanosIn(this) + nanosIn(other));
  }),
  celMethod('add', MAP, [INT], MAP, function (other) {
    return quantity(nanosIn(this) + other * nano);
  }),
  celMethod('sub', MAP, [MAP], MAP, function (other) {
    return quantity(nanosIn(this) - nanosIn(other));
  }),
  celMethod('sub', MAP, [INT], MAP, function (other) {
    return quantity(nanosIn(this) - other * nano);
  }),
];

/** Those of the library that can build something large from something small, or walk through everything. */
const boundedFunctions = [
  celFunc(tick, [], BOOL, () => (spend(), true)),
  celFunc('_==_', [DYN, DYN], BOOL, equal),
  celFunc('_!=_', [DYN, DYN], BOOL, (a, b) => !equal(a, b)),
  celFunc('@in', [DYN, LIST], BOOL, (item, list) => includes(items(list), item)),
  celFunc('_+_', [STRING, STRING], STRING, (a, b) => {
    limitBuilt(a.length + b.length);
    return a + b;
  }),
  celFunc('_+_', [LIST, LIST], LIST, (a, b) => {
    limitBuilt(a.size + b.size);
    spend((a.size + b.size) / 50);
    return celList([...a, ...b]);
  }),
  celMethod('replace', STRING, [STRING, STRING], STRING, function (from, to) {
    limitBuilt(this.length + to.length * (from === '' ? this.length + 1 : this.split(from).length - 1));
    return standard('replace', this, from, to) as string;
  }),
  celMethod('replace', STRING, [STRING, STRING, INT], STRING, function (from, to, limit) {
    limitBuilt(this.length + to.length * (from === '' ? this.length + 1 : this.split(from).length - 1));
    return standard('replace', this, from, to, limit) as string;
  }),
  celMethod('join', LIST, [], STRING, function () {
    return join(this, '');
  }),
  celMethod('join', LIST, [STRING], STRING, function (separator) {
    return join(this, separator);
  }),
  celMethod('format', STRING, [LIST], STRING, function (values) {
    limitBuilt(this.length + items(values).reduce<number>((size, value) => size + textSize(value), 0));
    return standard('format', this, values) as string;
  }),
];

function join(list: CelList, separator: string): string {
  const texts = items(list);
  limitBuilt(texts.reduce<number>((size, text) => size + textSize(text) + separator.length, 0));
  return standard('join', list, separator) as string;
}

function textSize(value: CelValue): number {
  spend();
  if (typeof value === 'string') return value.length;
  if (isCelList(value)) return items(value).reduce<number>((size, item) => size + textSize(item), 0);
  if (isCelMap(value)) return [...value].reduce<number>((size, [, item]) => size + textSize(item), 0);
  return 20;
}

export const kubernetesFunctions = [
  ...strings,
  ...optionalFunctions,
  ...listFunctions,
  ...quantityFunctions,
  ...boundedFunctions,
];
