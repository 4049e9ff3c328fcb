/**
 * A health script as Argo CD has them: `obj` in, `{status, message}` out. What it does wrong is a verdict of Unknown
 * with the reason, never an error: one script must not end a check of a thousand objects.
 */
import type { HealthStatus } from '../../domain/application.js';
import type { GitOpsError } from '../../domain/errors.js';
import { healthy, unknown, type Verdict } from '../../domain/health/status.js';
import { textAt } from '../conversion.js';
import { lauxlib, lua, to_jsstring, to_luastring, type LuaState } from '../fengari.js';
import { runCheck, type CheckScript } from './machine.js';

const statuses: readonly string[] = [
  'Healthy',
  'Progressing',
  'Degraded',
  'Suspended',
  'Missing',
  'Unknown',
] satisfies HealthStatus[];

/** @param globals `{ obj }` for a health script @param now ms since epoch, what `os.time` tells */
export function judgeByScript(script: CheckScript, globals: Readonly<Record<string, unknown>>, now: number): Verdict {
  try {
    return verdictAt(runCheck(script, globals, now));
  } catch (error) {
    return unknown((error as GitOpsError).message);
  }
}

/** Returning nothing, or an empty table, is to have no opinion. */
function verdictAt(L: LuaState): Verdict {
  const type = lua.lua_gettop(L) === 0 ? lua.LUA_TNIL : lua.lua_type(L, -1);
  if (type === lua.LUA_TNIL) return healthy();
  if (type !== lua.LUA_TTABLE)
    return unknown(`expect table output from Lua script, not ${to_jsstring(lauxlib.luaL_typename(L, -1))}`);
  if (isEmpty(L)) return healthy();
  const [status, message] = [fieldAt(L, 'status'), fieldAt(L, 'message')];
  if (status === undefined || !statuses.includes(status)) return unknown('Lua returned an invalid health status');
  return { status: status as HealthStatus, message: message ?? '' };
}

function isEmpty(L: LuaState): boolean {
  lua.lua_pushnil(L);
  if (lua.lua_next(L, -2) === 0) return true;
  lua.lua_pop(L, 2);
  return false;
}

/** Text of a field of the table on top; undefined for what is no text. */
function fieldAt(L: LuaState, name: string): string | undefined {
  lua.lua_getfield(L, -1, to_luastring(name));
  const text = [lua.LUA_TSTRING, lua.LUA_TNUMBER].includes(lua.lua_type(L, -1)) ? textAt(L, -1) : undefined;
  lua.lua_pop(L, 1);
  return text;
}
