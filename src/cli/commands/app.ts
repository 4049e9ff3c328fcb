/**
 * `app ...`: everything about applications. One function a subcommand; the client does the work.
 */
import type { Command } from 'commander';
import type { CommandEnvironment, SetExit } from '../environment.js';
import { addAction, addActions } from './app-action.js';
import { addApprove, addReject } from './app-approval.js';
import { addDelete, addResume, addSuspend } from './app-control.js';
import { addDiff } from './app-diff.js';
import { addDrift } from './app-drift.js';
import { addRollback, addSync } from './app-sync.js';
import { addGet, addHistory, addList } from './app-view.js';
import { addWait } from './app-wait.js';

export function addAppCommands(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  const app = program.command('app').description('applications: what Lua calls GitOps workflows');
  for (const add of [
    addList,
    addGet,
    addDiff,
    addDrift,
    addSync,
    addWait,
    addHistory,
    addRollback,
    addApprove,
    addReject,
    addActions,
    addAction,
    addSuspend,
    addResume,
    addDelete,
  ]) {
    add(app, environment, exit);
  }
}
