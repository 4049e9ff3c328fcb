/**
 * The prelude, in the order its parts run. The first is called with `native` and returns the table `shared`; the others are
 * called with `native` and `shared`.
 */
import { corePrelude } from './core.js';
import { execPrelude } from './exec.js';
import { dataPrelude } from './data.js';
import { httpPrelude } from './http.js';
import { metricsPrelude } from './metrics.js';
import { modulesPrelude } from './modules.js';
import { notificationsPrelude } from './notifications.js';
import { formatPrelude } from './number-format.js';
import { questionsPrelude } from './questions.js';
import { referencesPrelude } from './references.js';
import { standardPrelude } from './standard.js';
import { statePrelude } from './state.js';
import { taskDefinitionsPrelude } from './tasks-definitions.js';
import { taskHooksPrelude } from './tasks-hooks.js';
import { taskReadingPrelude } from './tasks-reading.js';
import { taskRulesPrelude } from './tasks-rules.js';
import { taskRunningPrelude } from './tasks-running.js';
import { unavailablePrelude } from './unavailable.js';
import { workflowsRunningPrelude } from './workflows-running.js';

export const firstPart = corePrelude;
export const laterParts: readonly string[] = [
  formatPrelude,
  referencesPrelude,
  standardPrelude,
  execPrelude,
  dataPrelude,
  httpPrelude,
  statePrelude,
  metricsPrelude,
  notificationsPrelude,
  taskRulesPrelude,
  taskDefinitionsPrelude,
  taskReadingPrelude,
  taskHooksPrelude,
  taskRunningPrelude,
  workflowsRunningPrelude,
  // Last: what they find, they leave alone
  modulesPrelude,
  questionsPrelude,
  unavailablePrelude,
];
