/**
 * Health scripts of a folder as a rule the engine can ask: the one place where a folder and Lua come together.
 */
import { readChecksFolder } from '../adapters/checks/checks-folder.js';
import { CheckScripts } from '../domain/health/check-scripts.js';
import type { CustomHealth } from '../domain/health/status.js';

/** @throws GitOpsError InvalidInput when the folder cannot be read */
export async function healthScripts(folder: string, now: () => number = Date.now): Promise<CustomHealth> {
  const scripts = new CheckScripts(readChecksFolder(folder));
  const { judgeByScript } = await loadLua();
  return (object) => {
    const script = scripts.find(object);
    return script && judgeByScript(script, { obj: object }, now());
  };
}

async function loadLua(): Promise<typeof import('../lua/checks/health-script.js')> {
  // Fengari reads it while it is loaded, see src/lua/fengari.ts.
  process.env['FENGARICONF'] ??= JSON.stringify({ LUA_COMPAT_FLOATSTRING: true });
  return import('../lua/checks/health-script.js');
}
