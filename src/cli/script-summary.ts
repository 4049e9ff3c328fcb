/**
 * The last lines of `run`: each workflow the script defined, its tasks, and where to look at the history.
 */
import { formatDuration } from '../domain/duration.js';
import type { ScriptOutcome } from '../workflows/script-run.js';
import type { Terminal } from './terminal.js';

export function printSummary(
  outcome: ScriptOutcome,
  uiUrl: string | undefined,
  workflowId: string,
  output: string,
  terminal: Terminal,
): void {
  if (output === 'json' || output === 'jsonl') {
    const { lines: _printed, ...rest } = outcome;
    const document =
      output === 'json'
        ? { apiVersion: 'sloth-runner.dev/v1', workflowId, ...outcome }
        : { type: 'result', workflowId, ...rest };
    return terminal.print(JSON.stringify(document, null, output === 'json' ? 2 : 0));
  }
  for (const workflow of outcome.workflows) {
    terminal.note(
      `${workflow.name}: ${workflow.success ? 'succeeded' : 'failed'} in ${formatDuration(workflow.durationMs)}`,
    );
    for (const task of workflow.tasks) {
      const message = task.message === undefined ? '' : `: ${task.message}`;
      terminal.note(`  ${task.name} ${task.status} in ${formatDuration(task.durationMs)}${message}`);
    }
  }
  for (const warning of outcome.warnings) terminal.error(`${terminal.paint.yellow('warning:')} ${warning}`);
  if (uiUrl !== undefined) terminal.note(`history: ${historyUrl(uiUrl, workflowId)}`);
}

export function historyUrl(uiUrl: string, workflowId: string, namespace = 'default'): string {
  return `${uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
}
