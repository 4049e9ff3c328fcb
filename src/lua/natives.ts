/**
 * The JavaScript functions behind the prelude: each takes its arguments from the Lua stack and pushes its results.
 */
import { formatDuration } from '../domain/duration.js';
import { withoutReferences } from '../domain/secret-text.js';
import { callsOf } from './calls/calls.js';
import { pushAll, pushData, textAt, toData } from './conversion.js';
import { lauxlib, lua, to_jsstring, to_luastring, type LuaState } from './fengari.js';
import type { Data, Host, LogLine, Script, WorkflowDefinition } from './host.js';
import { secretName } from './literal-secrets.js';
import { callHost, type CallState } from './call-host.js';
import { moduleNatives } from './module-natives.js';
import { numberNatives, type Native } from './number-natives.js';
import { taskNatives } from './task-natives.js';
import { numberText } from './number-text.js';
import { threadNatives } from './thread-natives.js';
import { formatTime, timeOf } from './time.js';

export function natives(state: CallState): Record<string, Native> {
  const { vm, host, script, printer } = state;
  return {
    call: (L) => callHost(state, L),
    sleep: (L) => sleep(state, L),
    ...threadNatives(vm),
    log: (L) => {
      vm.chargePrinted(L, lua.lua_rawlen(L, 2));
      printer.log({ level: textAt(L, 1) as LogLine['level'], text: textAt(L, 2) });
      return 0;
    },
    warn: (L) => {
      vm.chargePrinted(L, lua.lua_rawlen(L, 1));
      state.warn(textAt(L, 1));
      return 0;
    },
    text: (L) => {
      const text = describe(L);
      vm.chargeText(L, text.length / 4);
      return pushAll(L, text);
    },
    /** (workflow, task, error): what a task failed with keeps the stack it came from. */
    failed: (L) => {
      lua.lua_settop(L, 3);
      state.traces.set(`${textAt(L, 1)}/${textAt(L, 2)}`, vm.traceOf(L));
      return 0;
    },
    plain: (L) => pushAll(L, plain(L)),
    now: (L) => pushAll(L, host.now()),
    time: (L) =>
      guarded(vm.refuse.bind(vm, L), () => pushAll(L, timeOf(lua.lua_gettop(L) > 0 ? toData(L, 1) : null, host.now()))),
    date: (L) =>
      guarded(vm.refuse.bind(vm, L), () =>
        pushAll(
          L,
          formatTime(
            lua.lua_gettop(L) > 0 ? toData(L, 1) : null,
            lua.lua_gettop(L) > 1 ? toData(L, 2) : null,
            host.now(),
          ),
        ),
      ),
    clock: (L) => pushAll(L, (host.now() - state.startedAt) / 1000),
    random: (L) => pushAll(L, random(L, host)),
    duration: (L) => pushAll(L, formatDuration(lua.lua_tonumber(L, 1))),
    ...numberNatives(numberText),
    ...taskNatives(state),
    getenv: (L) => getenv(L, script),
    ...moduleNatives(state),
    define: (L) => {
      host.defined?.(definitionOf(toData(L, 1) as never));
      return 0;
    },
    first_parameter: firstParameter,
    set_lazy: (L) => {
      lua.lua_setfield(L, lua.LUA_REGISTRYINDEX, to_luastring('lazy'));
      return 0;
    },
  };
}

/** Lists that are empty arrive as empty maps. */
function definitionOf(given: WorkflowDefinition): WorkflowDefinition {
  const list = <T>(value: readonly T[]): readonly T[] => (Array.isArray(value) ? value : []);
  const tasks = list(given.tasks).map((t) => ({ ...t, depends_on: list(t.depends_on), hooks: list(t.hooks) }));
  return { ...given, hooks: list(given.hooks), tasks };
}

/** Pushes the table of natives, with the constants the prelude needs. */
export function pushNatives(L: LuaState, state: CallState): void {
  lua.lua_createtable(L, 0, 0);
  const set = (name: string, push: () => void): void => {
    push();
    lua.lua_setfield(L, -2, to_luastring(name));
  };
  for (const [name, native] of Object.entries(natives(state))) set(name, () => lua.lua_pushcfunction(L, native));
  set('tag', () => lua.lua_pushlightuserdata(L, state.vm.tag));
  set('calls', () => pushData(L, callsOf('gitops')));
  set('params', () => pushData(L, state.script.params ?? {}));
}

function guarded(raise: (message: string) => never, run: () => number): number {
  let failure: string;
  try {
    return run();
  } catch (error) {
    failure = (error as Error).message;
  }
  return raise(failure);
}

function sleep({ vm, host, threads, limit }: CallState, L: LuaState): number {
  const [ms, why] = [lua.lua_tonumber(L, 1), textAt(L, 2)];
  const { place } = threads.caller();
  const over = limit.add(0);
  if (over !== undefined) return vm.end(L, over.why, over.hint);
  return vm.yieldFor(L, async () => {
    await host.sleep(ms, why, place);
    return 0;
  });
}

/** Whether the value has a `__tostring` of its own. */
function saysItself(L: LuaState): boolean {
  const found = lauxlib.luaL_getmetafield(L, 1, to_luastring('__tostring')) !== lua.LUA_TNIL;
  lua.lua_settop(L, 1);
  return found;
}

/** Any value as text: tables as JSON where they are data. */
function describe(L: LuaState): string {
  lua.lua_settop(L, 1);
  if (lua.lua_type(L, 1) === lua.LUA_TNUMBER) return numberText(lua.lua_tonumber(L, 1));
  if (lua.lua_type(L, 1) !== lua.LUA_TTABLE || saysItself(L)) return shown(L);
  try {
    const data = withoutReferences(toData(L, 1));
    return typeof data === 'string' ? data : JSON.stringify(data);
  } catch {
    return shown(L);
  }
}

function shown(L: LuaState): string {
  lauxlib.luaL_tolstring(L, 1);
  return textAt(L, -1);
}

/** A task's output as data for the result; what cannot leave the script is left out. */
function plain(L: LuaState): Data {
  try {
    return withoutReferences(toData(L, 1)) as Data;
  } catch {
    return null;
  }
}

/** `random()`, `random(m)`, `random(m, n)` from the host's seed. */
function random(L: LuaState, host: Host): number {
  const given = lua.lua_gettop(L);
  if (given === 0) return host.random();
  const low = given === 1 ? 1 : Math.floor(lua.lua_tonumber(L, 1));
  const high = Math.floor(lua.lua_tonumber(L, given));
  return low + Math.floor(host.random() * Math.max(1, high - low + 1));
}

/** Allow-listed variables only; one whose name sounds secret becomes a reference. */
function getenv(L: LuaState, script: Script): number {
  const name = textAt(L, 1);
  if (secretName.test(name)) return pushAll(L, null, true);
  const environment = script.environment ?? {};
  return pushAll(L, Object.hasOwn(environment, name) ? (environment[name] ?? null) : null, false);
}

/** Name of the first parameter of the function on the stack: it decides the argument order of task functions. */
function firstParameter(L: LuaState): number {
  lua.lua_settop(L, 1);
  const name = lua.lua_getlocal(L, null, 1);
  return pushAll(L, name === null ? null : to_jsstring(name));
}
