/**
 * Chunks that are loaded over and over, compiled once: each machine of a worker's thread gets functions of its own over the
 * same instructions and constants. Compiling the preludes takes ten times as long, and what they compile to would be
 * more than half of what an open script holds.
 *
 * Invariant: a machine comes out the same whether the chunk was compiled before or not, or a replay on another worker
 * would differ: the same ids are given out, and the same bytes are counted (the compiler has made the keys of constants).
 */
import lfunc, { type Prototype } from 'fengari/src/lfunc.js';
import { GitOpsError } from '../domain/errors.js';
import { compile } from './compile.js';
import { textAt } from './conversion.js';
import { lauxlib, type LuaState } from './fengari.js';
import type { LuaVm } from './vm.js';

/** Out of reach of scripts; nothing of it is written to once it is there. */
const kept = new Map<string, Prototype>();

/**
 * Like `vm.load`, for text of ours and of operators.
 * @throws GitOpsError ScriptSyntax with file:line
 */
export function loadKept(vm: LuaVm, source: string, name: string): LuaState {
  const key = `${name}\n${source}`;
  const prototype = kept.get(key) ?? compiled(source, name);
  kept.set(key, prototype);
  const thread = vm.load('', name); // a function with the machine's globals, and nothing to do yet
  closureOn(thread).p = ownCopy(thread, prototype);
  return thread;
}

function compiled(source: string, name: string): Prototype {
  const L = lauxlib.luaL_newstate();
  if (!compile(L, source, name)) throw new GitOpsError('ScriptSyntax', textAt(L, -1));
  return closureOn(L).p;
}

/** A prototype remembers the last function that was made of it; all else is only read. */
function ownCopy(L: LuaState, original: Prototype): Prototype {
  const copy = new lfunc.Proto(L);
  const p = original.p.map((inner) => ownCopy(L, inner));
  return Object.assign(copy, original, { id: copy.id, cache: null, p });
}

/** A chunk has one upvalue, its globals. */
function closureOn(L: LuaState): { p: Prototype } {
  return L.stack[L.top - 1]?.value as { p: Prototype };
}
