/**
 * The prelude, in the order its parts run. The first is called with `native` and returns the table `shared`; the others are
 * called with `native` and `shared`.
 */
import { corePrelude } from './core.js';
import { execPrelude } from './exec.js';
import { formatPrelude } from './number-format.js';
import { standardPrelude } from './standard.js';
import { taskDefinitionsPrelude } from './tasks-definitions.js';
import { taskHooksPrelude } from './tasks-hooks.js';
import { taskReadingPrelude } from './tasks-reading.js';
import { taskRulesPrelude } from './tasks-rules.js';
import { taskRunningPrelude } from './tasks-running.js';
import { taskSurroundingsPrelude } from './tasks-surroundings.js';
import { workflowsRunningPrelude } from './workflows-running.js';

export const firstPart = corePrelude;
export const laterParts: readonly string[] = [
  formatPrelude,
  standardPrelude,
  execPrelude,
  taskRulesPrelude,
  taskDefinitionsPrelude,
  taskReadingPrelude,
  taskHooksPrelude,
  taskSurroundingsPrelude,
  taskRunningPrelude,
  workflowsRunningPrelude,
];
