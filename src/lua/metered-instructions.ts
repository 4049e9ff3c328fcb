/**
 * Instructions of the machine that can do more than their share: `..`, `...`, `#`, `next` and chains of `__index`.
 */
import ldo from 'fengari/src/ldo.js';
import lobject from 'fengari/src/lobject.js';
import ltable, { type Entry, type Table } from 'fengari/src/ltable.js';
import ltm from 'fengari/src/ltm.js';
import { charge } from './metering.js';
import { stringLimit } from './strings.js';

const copiedPerInstruction = 64;
const hopsPerInstruction = 16;
const deadPerInstruction = 64;
/** So many arguments are in the price of a call. */
const few = 8;

/** Wrapped once, however often this module is evaluated. */
if (!('metersInstructions' in lobject)) {
  meterConcatenation();
  meterArguments();
  meterChains();
  meterDeadKeys();
  boundLength();
  Object.defineProperty(lobject, 'metersInstructions', { value: true });
}

/** In the library only `..` puts text on the stack this way. */
function meterConcatenation(): void {
  const original = lobject.setsvalue2s;
  lobject.setsvalue2s = (L, index, text) => {
    original(L, index, text);
    const size = text.tsslen();
    if (size > stringLimit) L.l_G.meter?.refuse(L, 'a string would be longer than 16 MiB');
    charge(L, size / copiedPerInstruction);
  };
}

/** The machine asks for room on the stack this way before it copies the arguments that `...` stands for. */
function meterArguments(): void {
  const original = ldo.luaD_checkstack;
  ldo.luaD_checkstack = (L, size) => {
    if (size > few) charge(L, size);
    original(L, size);
  };
}

const [index, newIndex] = [0, 1];

/** One instruction follows up to 2,000 tables. */
function meterChains(): void {
  const original = ltm.fasttm;
  ltm.fasttm = (L, metatable, event) => {
    if (metatable !== null && (event === index || event === newIndex)) charge(L, 1 / hopsPerInstruction);
    return original(L, metatable, event);
  };
}

/** From an entry that was removed, `next` follows the others that were, as far as there is one that was not. */
function meterDeadKeys(): void {
  const original = ltable.luaH_next;
  ltable.luaH_next = (L, table, keyIndex) => {
    let steps = 0;
    for (let entry = deadEntry(table, L.stack[keyIndex]?.value); entry?.key.ttisdeadkey(); entry = entry.n) steps++;
    charge(L, steps / deadPerInstruction);
    return original(L, table, keyIndex);
  };
}

function deadEntry(table: Table, key: unknown): Entry | undefined {
  if (table.dead_strong.size === 0 && table.dead_weak === undefined) return undefined;
  if (typeof key !== 'object' || key === null)
    return typeof key === 'function' ? table.dead_weak?.get(key) : table.dead_strong.get(key);
  return 'hash' in key ? table.dead_strong.get(key.hash) : table.dead_weak?.get(key);
}

/** Fengari counts one by one where the keys double up to its largest integer. */
function boundLength(): void {
  const has = (table: Table, key: number): boolean => table.strong.has(key);
  ltable.luaH_getn = (table) => {
    let [present, absent] = [0, table.strong.size + 1];
    while (has(table, absent) && absent < 2 ** 31) [present, absent] = [absent, absent * 2];
    while (absent - present > 1) {
      const middle = Math.floor((present + absent) / 2);
      if (has(table, middle)) present = middle;
      else absent = middle;
    }
    return present;
  };
}
