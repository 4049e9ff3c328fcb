/**
 * Scripts of resource actions as the activities ask for them: the operator's folder, then ours in `resource-actions`.
 * Lua is loaded when the first of them runs.
 */
import { fileURLToPath } from 'node:url';
import { readActionsFolder } from '../adapters/checks/checks-folder.js';
import type { ActionScripts } from '../domain/actions/action.js';
import { FolderedActions, mergedActions } from '../domain/actions/folder-actions.js';
import { GitOpsError } from '../domain/errors.js';
import { likeLua51 } from './health-scripts.js';

const builtInActions = fileURLToPath(new URL('../../resource-actions', import.meta.url));

/** @param folder the operator's @throws GitOpsError InvalidInput when it cannot be read */
export function actionScripts(folder: string | undefined, now: () => number = Date.now): ActionScripts {
  const folders = [...(folder === undefined ? [] : [folder]), builtInActions];
  const scripts = new FolderedActions(folders.map(readActionsFolder));
  return {
    covers: (kind) => scripts.discoveries(kind).length > 0,
    discover: async (object) => {
      const { discoverActions } = await loadLua();
      return mergedActions(scripts.discoveries(object).map((script) => discoverActions(script, object, now())));
    },
    run: async (action, object, params) => {
      const script = scripts.action(object, action);
      if (script === undefined) throw noScript(action, object.kind);
      const { runAction } = await loadLua();
      return runAction(script, object, params, now());
    },
  };
}

function noScript(action: string, kind: string): GitOpsError {
  return new GitOpsError(
    'UnknownAction',
    `discovery tells of ${action} for ${kind}, but there is no ${action}/action.lua`,
    {
      hint: 'put it beside the discovery.lua of that kind, and start the server anew',
    },
  );
}

async function loadLua(): Promise<typeof import('../lua/checks/action-script.js')> {
  likeLua51();
  return import('../lua/checks/action-script.js');
}
