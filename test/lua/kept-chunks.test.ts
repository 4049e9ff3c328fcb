/**
 * A chunk that machines of one thread share: each machine comes out as if it had compiled the chunk itself.
 */
import { describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/lua/conversion.js';
import { lua } from '../../src/lua/fengari.js';
import { heapOf } from '../../src/lua/heap.js';
import { loadKept } from '../../src/lua/kept-chunks.js';
import { LuaVm } from '../../src/lua/vm.js';

const source = `
local names = { first = "one", ["a longer key than that"] = 2 }
function call(n) return (function() names[n] = n; return names end)() end
function constant() return "the same" end
return tostring(call("x")) .. tostring(constant)
`;

interface Outcome {
  readonly text: string;
  readonly ids: number;
  readonly bytes: number;
  readonly used: number;
  readonly constant: unknown;
}

function outcomeOf(name: string): Outcome {
  const vm = new LuaVm(100_000);
  const thread = loadKept(vm, source, name);
  const { bytes } = heapOf(vm.L, [thread], Infinity); // once it has run, its constants may have more to hold
  vm.runToEnd(thread);
  const text = textAt(thread, -1);
  lua.lua_getglobal(thread, Buffer.from('constant'));
  const constant = thread.stack[thread.top - 1]?.value;
  return { text, ids: vm.L.l_G.id_counter, bytes, used: vm.used, constant };
}

describe('a kept chunk', () => {
  const [compiled, again] = [outcomeOf('chunk.lua'), outcomeOf('chunk.lua')];

  it.each(['text', 'ids', 'bytes', 'used'] as const)(
    'gives the same %s whether it was compiled before or not',
    (what) => expect(again[what]).toEqual(compiled[what]),
  );

  it('has functions of its own in each machine', () => expect(again.constant).not.toBe(compiled.constant));

  it('that is no Lua says so by its line, each time', () => {
    const load = () => loadKept(new LuaVm(1000), 'x = = 1', 'broken.lua');
    expect(load).toThrow(/broken\.lua:1: unexpected symbol near '='/);
    expect(load).toThrow(/broken\.lua:1: unexpected symbol near '='/);
  });
});
