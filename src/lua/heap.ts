/**
 * What a machine holds, in bytes as V8 keeps them, roughly: everything that can be reached from its globals, its registry
 * and its threads. The same script gives the same number at the same instruction, on any worker.
 */
import type { LuaState } from './fengari.js';

const bytesOf = { table: 500, entry: 200, value: 40, closure: 120, thread: 900, call: 160, string: 200, code: 70 };

export interface Heap {
  readonly bytes: number;
  /** What was looked at, for the one who pays for the looking. */
  readonly visited: number;
}

/** Fengari's objects, as far as they are looked into. */
interface Value {
  readonly value: unknown;
}
interface Held {
  readonly bytes?: Uint8Array;
  readonly key?: string | null;
  readonly strong?: Map<unknown, { readonly key: Value; readonly value: Value }>;
  readonly dead_strong?: Map<unknown, unknown>;
  readonly metatable?: Held | null;
  readonly upvals?: readonly (Value | undefined)[];
  readonly upvalue?: readonly Value[];
  readonly p?: Held | readonly Held[] | null;
  readonly k?: readonly Value[];
  readonly code?: readonly unknown[];
  readonly stack?: readonly (Value | undefined)[] | null;
  readonly top?: number;
  readonly ci?: { readonly previous: unknown } | null;
}

/** Stops counting at `limit`. */
export function heapOf(L: LuaState, threads: readonly LuaState[], limit: number): Heap {
  const g = L.l_G as unknown as { l_registry: Value; mainthread: Held; mt: (Held | null | undefined)[] };
  const seen = new Set<unknown>();
  const open: Held[] = [];
  let bytes = 0;
  const reach = (held: unknown): void => {
    if (typeof held !== 'object' || held === null || seen.has(held)) return;
    seen.add(held);
    open.push(held);
  };
  [g.l_registry.value, g.mainthread, L, ...threads, ...g.mt].forEach(reach);
  for (let held = open.pop(); held !== undefined && bytes <= limit; held = open.pop()) bytes += look(held, reach);
  return { bytes, visited: seen.size };
}

type Reach = (held: unknown) => void;

function look(held: Held, reach: Reach): number {
  if (held.bytes !== undefined) return bytesOf.string + held.bytes.length + (held.key?.length ?? 0);
  if (held.strong !== undefined) return lookIntoTable(held, held.strong, reach);
  if (held.code !== undefined) return lookIntoPrototype(held, held.code, reach);
  if (held.stack !== undefined) return lookIntoThread(held, reach);
  return lookIntoClosure(held, reach);
}

function lookIntoTable(
  { metatable, dead_strong: dead }: Held,
  strong: NonNullable<Held['strong']>,
  reach: Reach,
): number {
  reach(metatable);
  for (const { key, value } of strong.values()) {
    reach(key.value);
    reach(value.value);
  }
  return bytesOf.table + bytesOf.entry * (strong.size + (dead?.size ?? 0));
}

function lookIntoPrototype({ k = [], p }: Held, code: readonly unknown[], reach: Reach): number {
  k.forEach((constant) => reach(constant.value));
  if (Array.isArray(p)) p.forEach(reach);
  return bytesOf.closure + bytesOf.code * code.length;
}

function lookIntoThread({ stack, ci, top = 0 }: Held, reach: Reach): number {
  for (const value of stack ?? []) reach(value?.value);
  let calls = 0;
  for (let call = ci; call; call = call.previous as typeof ci) calls++;
  return bytesOf.thread + bytesOf.call * calls + (stack?.length ?? 0) * 8 + top * bytesOf.value;
}

function lookIntoClosure({ p, upvals, upvalue }: Held, reach: Reach): number {
  reach(p);
  const values = upvals ?? upvalue ?? [];
  values.forEach((value) => reach(value?.value));
  return bytesOf.closure + bytesOf.value * values.length;
}
