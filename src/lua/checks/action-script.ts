/**
 * Scripts of resource actions: `actions/discovery.lua` tells what may be done to an object, `actions/<name>/action.lua`
 * does it. Both get the object as `obj`, the second the parameters as `actionParams`; neither touches the cluster.
 */
import { actionsFrom, effectsFrom, type ActionEffect, type ResourceAction } from '../../domain/actions/action.js';
import { GitOpsError } from '../../domain/errors.js';
import type { KubernetesObject } from '../../domain/object.js';
import { toData } from '../conversion.js';
import { lauxlib, lua, to_jsstring, type LuaState } from '../fengari.js';
import { runCheck, type CheckScript } from './machine.js';

/** @throws GitOpsError ScriptSyntax, ScriptFailed, LuaBudgetExceeded */
export function discoverActions(script: CheckScript, obj: KubernetesObject, now: number): ResourceAction[] {
  return actionsFrom(tableAt(runCheck(script, { obj }, now)));
}

/** @throws GitOpsError ScriptSyntax, ScriptFailed, LuaBudgetExceeded */
export function runAction(
  script: CheckScript,
  obj: KubernetesObject,
  actionParams: Readonly<Record<string, string>>,
  now: number,
): ActionEffect[] {
  return effectsFrom(tableAt(runCheck(script, { obj, actionParams }, now)), obj);
}

function tableAt(L: LuaState): unknown {
  const type = lua.lua_gettop(L) === 0 ? lua.LUA_TNIL : lua.lua_type(L, -1);
  if (type !== lua.LUA_TTABLE) {
    const got = type === lua.LUA_TNIL ? 'nil' : to_jsstring(lauxlib.luaL_typename(L, -1));
    throw new GitOpsError('ScriptFailed', `expect table output from Lua script, not ${got}`);
  }
  try {
    return toData(L, -1);
  } catch (error) {
    if (error instanceof GitOpsError) throw error;
    throw new GitOpsError('ScriptFailed', `what it returned cannot leave the script: ${(error as Error).message}`);
  }
}
