/**
 * Every rule of `validate FILE.lua`: one row each.
 */
import { badArguments, missingRepository, unknownFields } from './rules/arguments.js';
import { calledTasks, deadDialects, textForTable } from './rules/dialects.js';
import { argTables, keptHabits, newOperators, oldHabits } from './rules/lua51.js';
import {
  changedModules,
  colonCalls,
  missingFiles,
  unavailable,
  undefinedGlobals,
  unknownFunctions,
  unknownModules,
} from './rules/modules.js';
import { circles, duplicateTasks, unknownDependencies } from './rules/task-order.js';
import { badValues, commandsWithoutReturn, tasksWithoutCommand, unknownKeys } from './rules/tasks.js';
import { duplicateFields } from './rules/text.js';
import { waitingCallbacks } from './rules/waiting.js';
import type { Rule } from './rule.js';

export const rules: readonly Rule[] = [
  { id: 'unknown-function', severity: 'error', check: unknownFunctions },
  { id: 'colon-call', severity: 'error', check: colonCalls },
  { id: 'dead-dialect', severity: 'error', check: textForTable },
  { id: 'bad-argument', severity: 'error', check: badArguments },
  { id: 'unknown-field', severity: 'error', check: unknownFields },
  { id: 'missing-repository', severity: 'error', check: missingRepository },
  { id: 'unknown-method', severity: 'warning', check: unknownKeys },
  { id: 'bad-value', severity: 'error', check: badValues },
  { id: 'duplicate-task', severity: 'error', check: duplicateTasks },
  { id: 'unknown-dependency', severity: 'error', check: unknownDependencies },
  { id: 'dependency-cycle', severity: 'error', check: circles },
  { id: 'no-command', severity: 'error', check: tasksWithoutCommand },
  { id: 'no-return', severity: 'warning', check: commandsWithoutReturn },
  { id: 'dead-dialect', severity: 'error', check: deadDialects },
  { id: 'dead-dialect', severity: 'error', check: calledTasks },
  { id: 'cannot-wait', severity: 'error', check: waitingCallbacks },
  { id: 'unavailable-module', severity: 'error', check: unavailable },
  { id: 'unknown-module', severity: 'error', check: unknownModules },
  { id: 'missing-file', severity: 'error', check: missingFiles },
  { id: 'lua-5.1', severity: 'error', check: oldHabits },
  { id: 'lua-5.1', severity: 'info', check: keptHabits },
  { id: 'lua-5.1-arg', severity: 'warning', check: argTables },
  { id: 'lua-5.3-operator', severity: 'info', check: newOperators },
  { id: 'undefined-global', severity: 'warning', check: undefinedGlobals },
  { id: 'changed-module', severity: 'warning', check: changedModules },
  { id: 'duplicate-field', severity: 'warning', check: duplicateFields },
];
