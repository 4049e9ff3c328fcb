/**
 * The prelude, in the order its parts run. The first is called with `native` and returns the table `shared`; the others are
 * called with `native` and `shared`.
 */
import type { Script } from '../host.js';
import { corePrelude } from './core.js';
import { execPrelude } from './exec.js';
import { filesPrelude } from './files.js';
import { gitPrelude } from './git.js';
import { dataPrelude } from './data.js';
import { httpPrelude } from './http.js';
import { metricsPrelude } from './metrics.js';
import { modulesPrelude } from './modules.js';
import { notificationsPrelude } from './notifications.js';
import { ownCopiesPrelude } from './own-copies.js';
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
import { taskSurroundingsPrelude } from './tasks-surroundings.js';
import { unavailablePrelude } from './unavailable.js';
import { workflowsRunningPrelude } from './workflows-running.js';

export const firstPart = corePrelude;

/** Loaded for scripts, or files of theirs, that have the word in them: each part takes half a millisecond of every run. */
const named: readonly (readonly [word: RegExp, part: string])[] = [
  [/\b(data|json|yaml|yml|values|http|net)\b/, dataPrelude],
  [/\b(http|net)\b/, httpPrelude],
  [/\bstate\b/, statePrelude],
  [/\bmetrics\b/, metricsPrelude],
  [/\bnotifications?\b/, notificationsPrelude],
  [/\b(fs|io|os)\b/, filesPrelude],
  [/\bgit\b/, gitPrelude],
];

const taskParts = [
  taskRulesPrelude,
  taskDefinitionsPrelude,
  taskReadingPrelude,
  taskHooksPrelude,
  taskSurroundingsPrelude,
  taskRunningPrelude,
  workflowsRunningPrelude,
];

/** In the order they run. */
export function laterParts(script: Pick<Script, 'source' | 'modules'>): string[] {
  const texts = [script.source, ...Object.entries(script.modules ?? {}).flat()];
  return [
    formatPrelude,
    referencesPrelude,
    standardPrelude,
    execPrelude,
    ...named.filter(([word]) => texts.some((text) => word.test(text))).map(([, part]) => part),
    ...taskParts,
    // Last: what they find, they leave alone
    modulesPrelude,
    questionsPrelude,
    unavailablePrelude,
    ownCopiesPrelude,
  ];
}
