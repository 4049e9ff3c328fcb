/**
 * The calls of the `gitops` module: one row each. What may be given, what a failure looks like to the script, and the
 * progress lines that Sloth Runner always printed (lua-api.md sections 1 and 2).
 */
import type { Data } from '../host.js';
import { optional, table, type CallRow, type Parameter } from './call-row.js';

const id: Parameter = { name: 'workflow id', type: 'string' };
const about = (verb: string) => (args: readonly Data[]) => `${verb} ${String(args[0] ?? 'all applications')}`;

function nameOf(args: readonly Data[]): string {
  const { name, id: given, repo, repository, url } = (args[0] ?? {}) as Record<string, Data>;
  return String(name ?? given ?? repo ?? repository ?? url ?? '');
}

const declare: CallRow = {
  parameters: [table('config', 'workflow')],
  failure: 'nil',
  summary: (args) => `declare ${nameOf(args)}`,
  before: 'Registering GitOps repository',
  after: 'GitOps workflow created successfully',
};

const diff: CallRow = {
  parameters: [id, optional(table('options', 'diff'))],
  failure: 'outage',
  summary: about('preview the changes of'),
};

/** By the name within the module. */
export const gitopsCalls: Readonly<Record<string, CallRow>> = {
  workflow: declare,
  create_workflow: declare,
  register_repository: {
    parameters: [table('config', 'repository')],
    failure: 'nil',
    summary: (args) => `register repository ${nameOf(args)}`,
    before: 'Registering GitOps repository',
  },
  sync_workflow: {
    parameters: [id, optional(table('options', 'sync'))],
    failure: 'false',
    summary: about('sync'),
    before: 'Starting GitOps sync',
    after: 'GitOps sync completed successfully',
  },
  get_workflow_status: { parameters: [id], failure: 'nil', summary: about('read the status of') },
  list_workflows: {
    parameters: [optional(table('filter', 'list'))],
    failure: 'nil',
    summary: () => 'list all applications',
  },
  generate_diff: diff,
  preview_changes: diff,
  rollback_workflow: {
    parameters: [id, optional({ name: 'reason', type: 'string' }), optional(table('target', 'rollback'))],
    failure: 'false',
    summary: about('roll back'),
  },
  start_auto_sync: { parameters: [optional(id)], failure: 'false', summary: about('start auto-sync of') },
  stop_auto_sync: { parameters: [optional(id)], failure: 'false', summary: about('stop auto-sync of') },
  wait: { parameters: [id, optional(table('goal', 'wait'))], failure: 'nil', summary: about('wait for') },
  history: {
    parameters: [id, optional({ name: 'limit', type: 'number' })],
    failure: 'nil',
    summary: about('read the history of'),
  },
  suspend: { parameters: [id], failure: 'false', summary: about('suspend') },
  resume: { parameters: [id], failure: 'false', summary: about('resume') },
  delete_workflow: {
    parameters: [id, optional(table('options', 'delete'))],
    failure: 'false',
    summary: about('delete'),
  },
};
