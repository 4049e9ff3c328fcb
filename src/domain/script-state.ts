/**
 * State that scripts share from run to run: what each operation makes of it. Pure; the time is an argument.
 */
import { canonicalJson } from './canonical-json.js';
import { GitOpsError } from './errors.js';

const valueLimit = 64 * 1024;
export const totalLimit = 1024 * 1024;
const keyLimit = 256;

export type StateValue =
  null | boolean | number | string | readonly StateValue[] | { readonly [key: string]: StateValue };

export interface StateEntry {
  readonly value: StateValue;
  /** ms since epoch */
  readonly expires?: number;
}

export type StateEntries = Readonly<Record<string, StateEntry>>;

export interface StateOperation {
  readonly name: string;
  readonly args: readonly StateValue[];
  /** Which run asks: who holds a lock. */
  readonly owner: string;
}

export interface StateChange {
  readonly entries: StateEntries;
  readonly result: StateValue;
}

interface Situation {
  readonly entries: StateEntries;
  readonly now: number;
  readonly owner: string;
}

type Operation = (situation: Situation, args: readonly StateValue[]) => StateChange;
type Reading = (entries: StateEntries, args: readonly StateValue[], now: number) => StateValue;

/** What changes the state. */
const operations: Readonly<Record<string, Operation>> = {
  set: ({ entries, now }, [key, value = null, ttl]) => ({
    entries: value === null ? without(entries, String(key)) : put(entries, String(key), value, expiry(now, ttl)),
    result: true,
  }),
  set_with_ttl: (situation, args) => change(situation, 'set', args),
  set_ttl: ({ entries, now }, [key, ttl]) => {
    const entry = entries[String(key)];
    if (entry === undefined) return { entries, result: false };
    return { entries: put(entries, String(key), entry.value, expiry(now, ttl)), result: true };
  },
  delete: ({ entries }, [key]) => ({
    entries: without(entries, String(key)),
    result: Object.hasOwn(entries, String(key)),
  }),
  clear: ({ entries }, [pattern]) => {
    const gone = matching(pattern);
    return { entries: Object.fromEntries(Object.entries(entries).filter(([key]) => !gone(key))), result: true };
  },
  compare_swap: (situation, [key, old = null, next = null]) => {
    const current = situation.entries[String(key)]?.value ?? null;
    if (canonicalJson(current) !== canonicalJson(old)) return { entries: situation.entries, result: false };
    return change(situation, 'set', [key ?? '', next]);
  },
  increment: (situation, [key, by]) => add(situation, String(key), Number(by ?? 1)),
  decrement: (situation, [key, by]) => add(situation, String(key), -Number(by ?? 1)),
  append: ({ entries }, [key, text]) => {
    const longer = textAt(entries, String(key)) + String(text);
    return { entries: replace(entries, String(key), longer), result: longer.length };
  },
  list_push: ({ entries }, [key, value = null]) => {
    const longer = [...listAt(entries, String(key)), value];
    return { entries: replace(entries, String(key), longer), result: longer.length };
  },
  list_pop: ({ entries }, [key]) => {
    const list = listAt(entries, String(key));
    if (list.length === 0) return { entries, result: null };
    return { entries: replace(entries, String(key), list.slice(0, -1)), result: list.at(-1) ?? null };
  },
  try_lock: ({ entries, now, owner }, [name, ttl]) => {
    const key = lockKey(name);
    const holder = entries[key]?.value;
    if (holder !== undefined && holder !== owner) return { entries, result: false };
    return { entries: put(entries, key, owner, expiry(now, ttl ?? 300)), result: true };
  },
  unlock: ({ entries, owner }, [name]) => {
    const held = entries[lockKey(name)]?.value === owner;
    return { entries: held ? without(entries, lockKey(name)) : entries, result: held };
  },
};

/** What only looks. */
const readings: Readonly<Record<string, Reading>> = {
  get: (entries, [key]) => entries[String(key)]?.value ?? null,
  exists: (entries, [key]) => Object.hasOwn(entries, String(key)),
  keys: (entries, [pattern]) => keysOf(entries).filter(matching(pattern)),
  list_length: (entries, [key]) => listAt(entries, String(key)).length,
  get_ttl: (entries, [key], now) => {
    const entry = entries[String(key)];
    if (entry === undefined) return -2;
    return entry.expires === undefined ? -1 : Math.ceil((entry.expires - now) / 1000);
  },
  stats: (entries) => ({ keys: keysOf(entries).length, bytes: sizeOf(entries) }),
};

export function isReading(name: string): boolean {
  return Object.hasOwn(readings, name);
}

/** @param now ms since epoch: what has expired by then is not there */
export function read(entries: StateEntries, { name, args }: StateOperation, now: number): StateValue {
  return readings[name]?.(living(entries, now), args, now) ?? null;
}

/** @throws GitOpsError StateLimit, InvalidInput */
export function apply(entries: StateEntries, operation: StateOperation, now: number): StateChange {
  const { name, args, owner } = operation;
  const changed = change({ entries: living(entries, now), now, owner }, name, args);
  const size = sizeOf(changed.entries);
  if (size > totalLimit && size > sizeOf(entries))
    throw new GitOpsError('StateLimit', `the state would hold ${size} bytes, it may hold ${totalLimit}`, {
      hint: 'delete keys that are no longer needed, or give them a time to live',
    });
  return changed;
}

function change(situation: Situation, name: string, args: readonly StateValue[]): StateChange {
  const operation = operations[name];
  if (operation === undefined) throw new GitOpsError('InvalidInput', `the state knows no operation '${name}'`);
  return operation(situation, args);
}

/** Checked before anything is sent: a value that is refused must not be in a history. @throws GitOpsError StateLimit */
export function checkSizes({ args }: StateOperation): void {
  const [key, ...values] = args;
  if (typeof key === 'string' && key.length > keyLimit)
    throw new GitOpsError('StateLimit', `a key has ${key.length} characters, it may have ${keyLimit}`);
  values.forEach((value) => checkValue(String(key), value));
}

function checkValue(key: string, value: StateValue): void {
  const size = bytes(value);
  if (size > valueLimit)
    throw new GitOpsError('StateLimit', `the value of '${key}' has ${size} bytes, it may have ${valueLimit}`, {
      hint: 'keep large things in a file or a repository, and their place in the state',
    });
}

/** When the next entry expires, in ms since epoch. */
export function nextExpiry(entries: StateEntries): number | undefined {
  const times = Object.values(entries).flatMap(({ expires }) => (expires === undefined ? [] : [expires]));
  return times.length === 0 ? undefined : Math.min(...times);
}

export function living(entries: StateEntries, now: number): StateEntries {
  const gone = Object.values(entries).some(({ expires }) => expires !== undefined && expires <= now);
  if (!gone) return entries;
  return Object.fromEntries(
    Object.entries(entries).filter(([, { expires }]) => expires === undefined || expires > now),
  );
}

function put(entries: StateEntries, key: string, value: StateValue, expires?: number): StateEntries {
  checkValue(key, value);
  return { ...entries, [key]: { value, ...(expires === undefined ? {} : { expires }) } };
}

/** Keeps the time it has left. */
function replace(entries: StateEntries, key: string, value: StateValue): StateEntries {
  return put(entries, key, value, entries[key]?.expires);
}

function without(entries: StateEntries, key: string): StateEntries {
  const { [key]: _gone, ...rest } = entries;
  return rest;
}

function add({ entries }: Situation, key: string, by: number): StateChange {
  const before = entries[key]?.value ?? 0;
  if (typeof before !== 'number') throw wrongType(key, 'number');
  return { entries: replace(entries, key, before + by), result: before + by };
}

function textAt(entries: StateEntries, key: string): string {
  const before = entries[key]?.value ?? '';
  if (typeof before === 'string' || typeof before === 'number') return String(before);
  throw wrongType(key, 'text');
}

/** An empty table of Lua may be a list. */
function listAt(entries: StateEntries, key: string): readonly StateValue[] {
  const before = entries[key]?.value ?? [];
  if (Array.isArray(before)) return before as readonly StateValue[];
  if (typeof before === 'object' && before !== null && Object.keys(before).length === 0) return [];
  throw wrongType(key, 'list');
}

function wrongType(key: string, wanted: string): GitOpsError {
  return new GitOpsError('InvalidInput', `the value of '${key}' is no ${wanted}`);
}

function expiry(now: number, ttl: StateValue | undefined): number | undefined {
  return typeof ttl === 'number' && ttl > 0 ? now + ttl * 1000 : undefined;
}

const lockPrefix = '\u0000lock:';

function lockKey(name: StateValue | undefined): string {
  return `${lockPrefix}${String(name)}`;
}

/** Without the locks, in order. */
function keysOf(entries: StateEntries): string[] {
  return Object.keys(entries)
    .filter((key) => !key.startsWith(lockPrefix))
    .sort();
}

/** `*` stands for any text; without a pattern, every key but the locks. */
function matching(pattern: StateValue | undefined): (key: string) => boolean {
  if (typeof pattern !== 'string') return (key) => !key.startsWith(lockPrefix);
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('[^]*')}$`);
  return (key) => whole.test(key);
}

function sizeOf(entries: StateEntries): number {
  return Object.entries(entries).reduce((size, [key, { value }]) => size + key.length + bytes(value), 0);
}

/** Of UTF-8, without the encoder that workflows do not have. */
function bytes(value: StateValue): number {
  const text = JSON.stringify(value);
  return (
    text.length + (text.match(/[\u0080-\u07ff]/g)?.length ?? 0) + 2 * (text.match(/[\u0800-\uffff]/g)?.length ?? 0)
  );
}
