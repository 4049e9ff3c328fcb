/**
 * The JavaScript functions behind the prelude of tasks: threads, where they stand, and what is asked of definitions.
 */
import { parseDuration } from '../domain/duration.js';
import { nearest } from '../domain/nearest.js';
import type { CallState } from './call-host.js';
import { pushAll, textAt, toData } from './conversion.js';
import { lua, to_luastring, type LuaState } from './fengari.js';
import type { Bounds, Place, TaskContext } from './host.js';
import type { Native } from './number-natives.js';
import { scriptLine } from './script-position.js';

/** In plain instructions: a thread that ends before its first count hook would count for nothing. */
const costOfThread = 100;

export function taskNatives(state: CallState): Record<string, Native> {
  const { vm, host, script, threads } = state;
  return {
    /** (workflow, task, attempt): what comes from here on belongs there. */
    stand: (L) => {
      threads.standing.place = placeAt(L, ['workflow', 'task', 'attempt']);
      return 0;
    },
    /** (name or nil) */
    enter_hook: (L) => {
      const { hook: _, ...place } = threads.standing.place;
      threads.standing.place = { ...place, ...placeAt(L, ['hook']) };
      return 0;
    },
    /** (table or nil): what the task asks for on behalf of its calls. */
    set_task: (L) => {
      const task = toData(L, 1) as unknown as TaskContext | null;
      if (task === null) delete threads.standing.task;
      else threads.standing.task = task;
      return 0;
    },
    /** (module): whether the task called it. */
    used: (L) => pushAll(L, threads.standing.used.has(textAt(L, 1))),
    bounded: (L) => bounded(state, L),
    /** (id, f, ...): begins when `ended` is next called. */
    start: (L) => {
      vm.charge(L, costOfThread);
      const id = lua.lua_tonumber(L, 1);
      threads.start(id, threads.take(L, 2, { place: threads.standing.place, used: new Set() }));
      return 0;
    },
    ended: (L) =>
      vm.yieldFor(L, async (thread) => {
        const id = await threads.nextEnded();
        return pushAll(thread, id);
      }),
    /** Whether the run was asked to end. */
    cancelled: (L) => pushAll(L, host.cancelled?.() ?? false),
    in_list_order: (L) => pushAll(L, host.inListOrder ?? false),
    interactive: (L) => pushAll(L, script.interactive ?? false),
    /** Where the script stands: `deploy.lua:12`. */
    position: (L) => pushAll(L, `${script.name}:${scriptLine(L, script.name)}`),
    /** Milliseconds, or nil and why not. */
    parse_duration: parse,
    set_string_call: setStringCall,
    /** (copy, original): the copy is of the same kind, whatever `getmetatable` says of it. */
    like: (L) => {
      if (lua.lua_getmetatable(L, 2)) lua.lua_setmetatable(L, 1);
      return 0;
    },
    nearest: (L) => pushAll(L, nearest(textAt(L, 1), toData(L, 2) as readonly string[]) ?? null),
  };
}

/** (ms or nil, shielded, f, ...): "done" and the results, "timeout" or "cancelled". */
function bounded({ vm, threads }: CallState, L: LuaState): number {
  vm.charge(L, costOfThread);
  const timeoutMs = toData(L, 1) as number | null;
  const bounds: Bounds = {
    ...(timeoutMs === null ? {} : { timeoutMs }),
    ...(lua.lua_toboolean(L, 2) ? { shielded: true } : {}),
  };
  const { thread, args } = threads.take(L, 3, threads.standing);
  return vm.yieldFor(L, async (caller) => {
    const interrupted = await threads.run(bounds, thread, args);
    lua.lua_pushstring(caller, to_luastring(interrupted ?? 'done'));
    if (interrupted !== undefined) return 1;
    const results = lua.lua_gettop(thread);
    lua.lua_checkstack(caller, results);
    lua.lua_xmove(thread, caller, results);
    return results + 1;
  });
}

/** (f): what calling a text does. Its metatable is out of reach of scripts. */
function setStringCall(L: LuaState): number {
  lua.lua_pushstring(L, to_luastring(''));
  lua.lua_getmetatable(L, -1);
  lua.lua_pushvalue(L, 1);
  lua.lua_setfield(L, -2, to_luastring('__call'));
  return 0;
}

/** Of the arguments, which may be nil. */
function placeAt(L: LuaState, names: readonly (keyof Place)[]): Place {
  lua.lua_settop(L, names.length);
  const set = names.map((name, i) => [name, toData(L, i + 1)] as const).filter(([, value]) => value !== null);
  return Object.fromEntries(set) as Place;
}

function parse(L: LuaState): number {
  const type = lua.lua_type(L, 1);
  if (type !== lua.LUA_TSTRING && type !== lua.LUA_TNUMBER) return pushAll(L, null);
  try {
    return pushAll(L, parseDuration(toData(L, 1) as string | number));
  } catch {
    return pushAll(L, null);
  }
}
