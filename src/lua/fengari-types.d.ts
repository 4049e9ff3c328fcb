/** The part of Fengari that we use. */
declare module 'fengari' {
  export interface LuaState {
    readonly __lua: unique symbol;
    /** 1 while hooks may run. */
    allowhook: 0 | 1;
    /** Where the message handler of the running `xpcall` stands on the stack; 0 for none. */
    errfunc: number;
    /** Instructions until the next hook. */
    hookcount: number;
    /** First free slot of the stack. */
    readonly top: number;
    readonly stack: readonly ({ readonly value: unknown } | undefined)[];
    readonly status: number;
    /** Shared by all threads of a machine. */
    readonly l_G: {
      meter?: import('./metering.js').Meter;
      /** Bytes that the instruction at hand has asked for. */
      operands?: { thread: LuaState; at: number; sum: number };
      /** Grows by one with each table, function and thread. */
      readonly id_counter: number;
      /** How this machine's numbers print; as Lua 5.1 has it when absent. */
      numberText?: (value: number) => string;
    };
  }
  type Text = Uint8Array;
  type CFunction = (L: LuaState) => number;
  export function to_luastring(text: string): Text;
  export function to_jsstring(text: Text): string;
  export const lauxlib: {
    luaL_newstate(): LuaState;
    luaL_requiref(L: LuaState, name: Text, open: CFunction, global: boolean): void;
    luaL_loadbufferx(L: LuaState, buffer: Text, size: number, name: Text, mode: Text): number;
    luaL_ref(L: LuaState, t: number): number;
    luaL_tolstring(L: LuaState, index: number): Text;
    luaL_checknumber(L: LuaState, index: number): number;
    luaL_getmetafield(L: LuaState, index: number, name: Text): number;
    luaL_typename(L: LuaState, index: number): Text;
    luaL_error(L: LuaState, message: Text): never;
  };
  export const lualib: Record<
    'luaopen_base' | 'luaopen_coroutine' | 'luaopen_table' | 'luaopen_string' | 'luaopen_math' | 'luaopen_utf8',
    CFunction
  >;
  export interface DebugInfo {
    currentline: number;
    short_src: Text;
    source: Text;
    linedefined: number;
    what: Text;
    name: Text | null;
  }
  export const lua: {
    LUA_OK: 0;
    LUA_YIELD: 1;
    LUA_REGISTRYINDEX: number;
    LUA_MASKCOUNT: number;
    LUA_TNIL: number;
    LUA_TBOOLEAN: number;
    LUA_TNUMBER: number;
    LUA_TSTRING: number;
    LUA_TTABLE: number;
    LUA_TFUNCTION: number;
    lua_Debug: new () => DebugInfo;
    lua_tothread(L: LuaState, index: number): LuaState | null;
    lua_newthread(L: LuaState): LuaState;
    lua_xmove(from: LuaState, to: LuaState, n: number): void;
    lua_resume(L: LuaState, from: LuaState | null, n: number): number;
    lua_yield(L: LuaState, n: number): number;
    lua_isyieldable(L: LuaState): boolean;
    lua_sethook(L: LuaState, hook: ((L: LuaState, ar: DebugInfo) => void) | null, mask: number, count: number): void;
    lua_gettop(L: LuaState): number;
    lua_settop(L: LuaState, n: number): void;
    lua_pop(L: LuaState, n: number): void;
    lua_absindex(L: LuaState, n: number): number;
    lua_type(L: LuaState, index: number): number;
    lua_checkstack(L: LuaState, n: number): boolean;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tonumber(L: LuaState, index: number): number;
    lua_tostring(L: LuaState, index: number): Text | null;
    lua_pushnil(L: LuaState): void;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, value: Text): void;
    lua_pushvalue(L: LuaState, index: number): void;
    lua_pushcfunction(L: LuaState, f: CFunction): void;
    lua_pushcclosure(L: LuaState, f: CFunction, values: number): void;
    lua_upvalueindex(n: number): number;
    lua_setupvalue(L: LuaState, index: number, n: number): Text | null;
    lua_pushglobaltable(L: LuaState): void;
    lua_tocfunction(L: LuaState, index: number): CFunction | null;
    lua_replace(L: LuaState, index: number): void;
    lua_insert(L: LuaState, index: number): void;
    lua_concat(L: LuaState, n: number): void;
    lua_gettable(L: LuaState, index: number): number;
    lua_pushlightuserdata(L: LuaState, value: object): void;
    lua_createtable(L: LuaState, array: number, hash: number): void;
    lua_rawgeti(L: LuaState, index: number, n: number): number;
    lua_rawseti(L: LuaState, index: number, n: number): void;
    lua_rawset(L: LuaState, index: number): void;
    lua_rawlen(L: LuaState, index: number): number;
    lua_next(L: LuaState, index: number): number;
    lua_setglobal(L: LuaState, name: Text): void;
    lua_getglobal(L: LuaState, name: Text): number;
    lua_getmetatable(L: LuaState, index: number): boolean;
    lua_getfield(L: LuaState, index: number, name: Text): number;
    lua_getmetatable(L: LuaState, index: number): boolean;
    lua_setmetatable(L: LuaState, index: number): void;
    lua_rawequal(L: LuaState, a: number, b: number): boolean | number;
    lua_setfield(L: LuaState, index: number, name: Text): void;
    lua_call(L: LuaState, args: number, results: number): void;
    lua_error(L: LuaState): never;
    lua_getstack(L: LuaState, level: number, ar: DebugInfo): boolean | number;
    lua_getinfo(L: LuaState, what: Text, ar: DebugInfo): boolean | number;
    lua_getlocal(L: LuaState, ar: DebugInfo | null, n: number): Text | null;
  };
}
declare module 'fengari/src/lobject.js' {
  import type { LuaState } from 'fengari';
  export interface Value {
    type: number;
    value: unknown;
    setsvalue(text: object): void;
    vslen(): number;
    ttisdeadkey(): boolean;
  }
  const lobject: {
    luaO_str2num(text: Uint8Array, into: Value): number;
    luaO_tostring(L: LuaState, number: Value): void;
    setsvalue2s(L: LuaState, index: number, text: { tsslen(): number }): void;
    TValue: new () => Value;
  };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default lobject;
}
declare module 'fengari/src/lstring.js' {
  import type { LuaState } from 'fengari';
  export interface TString {
    tsslen(): number;
  }
  const lstring: { luaS_bless(L: LuaState, text: Uint8Array): object; TString: { readonly prototype: TString } };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default lstring;
}
declare module 'fengari/src/lvm.js' {
  import type { Value } from 'fengari/src/lobject.js';
  const lvm: { tointeger(value: Value): number | false };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default lvm;
}
declare module 'fengari/src/lfunc.js' {
  import type { LuaState } from 'fengari';
  import type { Value } from 'fengari/src/lobject.js';
  export interface Prototype {
    readonly id: number;
    readonly k: readonly Value[];
    readonly p: readonly Prototype[];
  }
  const lfunc: { Proto: new (L: LuaState) => Prototype };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default lfunc;
}
declare module 'fengari/src/ldo.js' {
  import type { LuaState } from 'fengari';
  const ldo: { luaD_checkstack(L: LuaState, size: number): void };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default ldo;
}
declare module 'fengari/src/ltm.js' {
  import type { LuaState } from 'fengari';
  const ltm: { fasttm(L: LuaState, metatable: object | null, event: number): object | null };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default ltm;
}
declare module 'fengari/src/ltable.js' {
  import type { LuaState } from 'fengari';
  import type { Value } from 'fengari/src/lobject.js';
  export interface Entry {
    readonly key: Value;
    /** The one that was added next. */
    readonly n: Entry | undefined;
  }
  export interface Table {
    readonly strong: Map<unknown, Entry>;
    readonly dead_strong: Map<unknown, Entry>;
    readonly dead_weak: WeakMap<object, Entry> | undefined;
  }
  const ltable: {
    luaH_next(L: LuaState, table: Table, keyIndex: number): boolean;
    luaH_getn(table: Table): number;
  };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default ltable;
}
declare module 'fengari/src/lopcodes.js' {
  export interface Instruction {
    readonly opcode: number;
    readonly A: number;
  }
  const lopcodes: {
    OpCodesI: Record<'OP_CALL' | 'OP_GETTABLE' | 'OP_SELF' | 'OP_TAILCALL', number>;
    SET_OPCODE(instruction: Instruction, opcode: number): void;
  };
  // eslint-disable-next-line import-x/no-default-export -- CommonJS
  export default lopcodes;
}
