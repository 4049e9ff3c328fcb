/**
 * Lua values to JSON data and back. Functions, cycles, NaN and tables that are neither list nor map are refused by name.
 */
import { GitOpsError } from '../domain/errors.js';
import { lauxlib, lua, to_jsstring, to_luastring, type LuaState } from './fengari.js';
import type { Data } from './host.js';
import { markAt, setMark } from './marks.js';
import { spend } from './metering.js';

const depthLimit = 64;

/** What a value takes to convert, in plain instructions: a table that occurs twice is written twice. */
const costOfValue = 4;
const costOfPushing = 1;

/** @throws Error naming the field, for the caller to raise in Lua; GitOpsError LuaBudgetExceeded */
export function toData(L: LuaState, index: number, path = 'value', depth = 0): Data {
  if (depth > depthLimit) throw new Error(`${path} is nested more than ${depthLimit} deep, or contains itself`);
  if (!spend(L, costOfValue)) throw new GitOpsError('LuaBudgetExceeded', 'the script used up its budget');
  switch (lua.lua_type(L, index)) {
    case lua.LUA_TNIL:
      return null;
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, index);
    case lua.LUA_TNUMBER:
      return finite(lua.lua_tonumber(L, index), path);
    case lua.LUA_TSTRING:
      return unicode(lua.lua_tostring(L, index), path);
    case lua.LUA_TTABLE:
      return tableToData(L, lua.lua_absindex(L, index), path, depth);
    default:
      throw new Error(`${path} is a ${to_jsstring(lauxlib.luaL_typename(L, index))}, which cannot leave the script`);
  }
}

function finite(value: number, path: string): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`${path} is not a finite number`);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function unicode(text: Uint8Array | null, path: string): string {
  try {
    return text === null ? '' : strict.decode(text);
  } catch {
    throw new Error(`${path} is no valid UTF-8`);
  }
}

export function textAt(L: LuaState, index: number): string {
  const text = lua.lua_tostring(L, index);
  return text === null ? '' : new TextDecoder().decode(text);
}

/** An empty table is an empty map; where a list is wanted, the checker makes it one. */
function tableToData(L: LuaState, index: number, path: string, depth: number): Data {
  if (!lua.lua_checkstack(L, 8)) throw new Error(`${path} is nested too deep`);
  switch (markAt(L, index)) {
    case 'null':
      return null;
    case 'secret':
      return { $secret: textsAt(L, index) };
    case 'list':
      if (lua.lua_rawlen(L, index) === 0) return [];
  }
  const length = lua.lua_rawlen(L, index);
  const list: Data[] = [];
  const map: Record<string, Data> = Object.create(null) as Record<string, Data>;
  lua.lua_pushnil(L);
  while (lua.lua_next(L, index) !== 0) {
    if (lua.lua_type(L, -2) === lua.LUA_TNUMBER) {
      const at = lua.lua_tonumber(L, -2);
      if (!Number.isInteger(at) || at < 1 || at > length)
        throw new Error(`${path} is neither a list nor a map (key ${at})`);
      list[at - 1] = toData(L, -1, `${path}[${at}]`, depth + 1);
    } else map[keyAt(L, path)] = toData(L, -1, `${path}.${keyAt(L, path)}`, depth + 1);
    lua.lua_pop(L, 1);
  }
  if (list.length > 0 && Object.keys(list).length < list.length) throw new Error(`${path} is a list with nil in it`);
  if (list.length > 0 && Object.keys(map).length > 0) throw new Error(`${path} mixes a list with named fields`);
  if ('$secret' in map || '$artifact' in map) throw new Error(`${path} has a field whose name is the engine's own`);
  return list.length > 0 ? list : { ...map };
}

function keyAt(L: LuaState, path: string): string {
  if (lua.lua_type(L, -2) === lua.LUA_TSTRING) return textAt(L, -2);
  throw new Error(`${path} has a key that is neither text nor number`);
}

/** What a reference is made of: text and references in turn. */
function textsAt(L: LuaState, index: number): string[] {
  return Array.from({ length: lua.lua_rawlen(L, index) }, (_, i) => {
    lua.lua_rawgeti(L, index, i + 1);
    const text = textAt(L, -1);
    lua.lua_pop(L, 1);
    return text;
  });
}

/** @returns how many, as a function of Lua does */
export function pushAll(L: LuaState, ...values: (Data | undefined)[]): number {
  values.forEach((value) => pushData(L, value));
  return values.length;
}

/** Pushes data; handles (`{$artifact, path}`) become fields that are fetched when they are first read. */
export function pushData(L: LuaState, data: Data | undefined): void {
  spend(L, costOfPushing);
  lua.lua_checkstack(L, 8);
  if (data === null || data === undefined) lua.lua_pushnil(L);
  else if (typeof data === 'boolean') lua.lua_pushboolean(L, data);
  else if (typeof data === 'number') lua.lua_pushnumber(L, data);
  else if (typeof data === 'string') lua.lua_pushstring(L, to_luastring(data));
  else if (Array.isArray(data)) pushList(L, data as readonly Data[]);
  else pushMap(L, data as { readonly [key: string]: Data });
}

function pushList(L: LuaState, list: readonly Data[]): void {
  lua.lua_createtable(L, list.length, 0);
  if (list.length === 0) setMark(L, 'list');
  list.forEach((entry, i) => {
    pushData(L, entry);
    lua.lua_rawseti(L, -2, i + 1);
  });
}

function pushMap(L: LuaState, map: { readonly [key: string]: Data }): void {
  const handles = Object.entries(map).filter(([, value]) => isHandle(value));
  lua.lua_createtable(L, 0, 0);
  for (const [key, value] of Object.entries(map)) {
    if (isHandle(value)) continue;
    lua.lua_pushstring(L, to_luastring(key));
    pushData(L, value);
    lua.lua_rawset(L, -3);
  }
  if (handles.length > 0) attachHandles(L, handles);
}

interface Handle {
  readonly $artifact: string;
  readonly path: string;
}

function isHandle(value: Data): boolean {
  return typeof value === 'object' && value !== null && '$artifact' in value;
}

/** Calls the prelude's `lazy(table, handles)`, on a thread of its own: one that waits for the host cannot be called on. */
function attachHandles(L: LuaState, handles: readonly (readonly [string, Data])[]): void {
  const caller = lua.lua_newthread(L);
  lua.lua_getfield(caller, lua.LUA_REGISTRYINDEX, to_luastring('lazy'));
  lua.lua_pushvalue(L, -2);
  lua.lua_xmove(L, caller, 1);
  const plain = handles.map(([key, value]) => {
    const { $artifact, path } = value as unknown as Handle;
    return [key, { digest: $artifact, path }] as const;
  });
  pushMap(caller, Object.fromEntries(plain));
  lua.lua_call(caller, 2, 0);
  lua.lua_pop(L, 1);
}
