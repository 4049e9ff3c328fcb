/**
 * Health scripts as rules the engine can ask: the one place where folders, activities and Lua come together. Lua is loaded
 * when the first script is there to run.
 */
import { readChecksFolder } from '../adapters/checks/checks-folder.js';
import type { CheckTools } from '../activities/external-checks.js';
import { CheckScripts } from '../domain/health/check-scripts.js';
import type { CustomHealth } from '../domain/health/status.js';
import { fengariConfiguration } from '../lua/fengari-configuration.js';

/** @throws GitOpsError InvalidInput when the folder cannot be read */
export async function healthScripts(folder: string, now: () => number = Date.now): Promise<CustomHealth> {
  const scripts = new CheckScripts(readChecksFolder(folder));
  if (scripts.size === 0) return () => undefined;
  const { judgeByScript } = await loadLua();
  return (object) => {
    const script = scripts.find(object);
    return script && judgeByScript(script, { obj: object }, now());
  };
}

/** Checks of the user's own, from the declaration of an application. */
export function luaJudge(now: () => number = Date.now): CheckTools['judgeByLua'] {
  return async (source, globals) => {
    const { judgeByScript } = await loadLua();
    return judgeByScript({ path: 'check', source }, globals, now());
  };
}

async function loadLua(): Promise<typeof import('../lua/checks/health-script.js')> {
  likeLua51();
  return import('../lua/checks/health-script.js');
}

/** Fengari reads it while it is loaded, see src/lua/fengari.ts. */
export function likeLua51(): void {
  process.env['FENGARICONF'] ??= fengariConfiguration;
}
