/**
 * The JavaScript behind the modules that are no steps: marks, printing, metrics, the files of the script.
 */
import { textsIn } from '../domain/secret-text.js';
import type { CallState } from './call-host.js';
import { compile } from './compile.js';
import { textAt, toData } from './conversion.js';
import { dataNatives, oneOf } from './data/data-natives.js';
import { parseJson } from './data/json-text.js';
import { pushPlain } from './data/plain-values.js';
import { parseYaml } from './data/yaml-text.js';
import { lua, to_luastring, type LuaState } from './fengari.js';
import { defineMark, isMark, markAt } from './marks.js';
import type { MetricKind } from './metrics.js';
import { fileOf } from './script-files.js';
import type { Native } from './number-natives.js';

export function moduleNatives(state: CallState): Record<string, Native> {
  const { vm, printer } = state;
  return {
    ...dataNatives(vm),
    define_mark: (L) => {
      const name = textAt(L, 1);
      lua.lua_settop(L, 2);
      if (isMark(name)) defineMark(L, name);
      return 0;
    },
    mark: (L) => {
      const mark = markAt(L, 1);
      if (mark === undefined) lua.lua_pushnil(L);
      else lua.lua_pushstring(L, to_luastring(mark));
      return 1;
    },
    write: (L) => {
      vm.chargePrinted(L, lua.lua_rawlen(L, 1));
      printer.write(textAt(L, 1));
      return 0;
    },
    prompt: (L) => {
      lua.lua_pushstring(L, to_luastring(printer.prompt()));
      return 1;
    },
    metric: (L) => recordMetric(state, L),
    file: (L) => pushFile(state, L),
  };
}

/** (kind, name, value, tags) */
function recordMetric({ metrics, printer, vm }: CallState, L: LuaState): number {
  lua.lua_settop(L, 4);
  const [kind, name, value] = [textAt(L, 1) as MetricKind, textAt(L, 2), lua.lua_tonumber(L, 3)];
  const tags = tagsAt(L);
  if (tags === undefined) return vm.refuse(L, `bad argument #3 to '${kind}' (a secret is not put into a tag)`);
  const result = metrics.record(kind, name.slice(0, 200), value, tags);
  vm.chargePrinted(L, name.length);
  printer.log({ level: 'debug', text: `metric ${kind} ${name} ${value}` });
  lua.lua_pushnumber(L, result ?? value);
  return 1;
}

/** Undefined when there is a secret among them. */
function tagsAt(L: LuaState): Record<string, string> | undefined {
  try {
    const given = (toData(L, 4) ?? {}) as object;
    if (textsIn(given).length > 0) return undefined;
    const tags = Object.entries(given).slice(0, 10);
    return Object.fromEntries(tags.map(([name, value]) => [name, String(value).slice(0, 200)]));
  } catch {
    return {};
  }
}

/** (path, "module"?) -> path, "code", function; path, "data", table; nil, reason */
function pushFile({ script, vm }: CallState, L: LuaState): number {
  const asked = textAt(L, 1);
  const found = fileOf(script.modules ?? {}, asked, lua.lua_gettop(L) > 1);
  if ('error' in found) return pushFailure(L, found.error);
  vm.charge(L, 100 + found.source.length / 4);
  lua.lua_pushstring(L, to_luastring(found.path));
  if (!/\.(ya?ml|json)$/.test(found.path)) return pushChunk(L, found);
  const parsed = found.path.endsWith('.json') ? parseJson(found.source) : oneOf(parseYaml(found.source));
  if ('error' in parsed) return pushFailure(L, `${found.path}: ${parsed.error}`);
  lua.lua_pushstring(L, to_luastring('data'));
  pushPlain(L, parsed.value);
  return 3;
}

function pushChunk(L: LuaState, { path, source }: { path: string; source: string }): number {
  lua.lua_pushstring(L, to_luastring('code'));
  return compile(L, source, path) ? 3 : pushFailure(L, textAt(L, -1));
}

function pushFailure(L: LuaState, reason: string): number {
  lua.lua_pushnil(L);
  lua.lua_pushstring(L, to_luastring(reason));
  return 2;
}
