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

function promotedOf(args: readonly Data[]): string {
  const { from, to, environments } = (args[0] ?? {}) as Record<string, Data>;
  const apps = [environments ?? [from ?? '', to ?? '']].flat(2).map((stage) => {
    const { app } = (stage ?? {}) as Record<string, Data>;
    return typeof stage === 'string' ? stage : String(app ?? '');
  });
  return apps.filter((app) => app !== '').join(' -> ');
}

const declare: CallRow = {
  parameters: [table('config', 'workflow')],
  failure: 'nil',
  summary: (args) => `declare ${nameOf(args)}`,
  before: 'Registering GitOps repository',
  after: 'GitOps workflow created successfully',
  describe:
    'Declares an application: which path of a repository drives which cluster. Running it twice declares the same application; changed fields update it.',
  returns: ['sloth.Workflow? workflow', 'string? err'],
};

const diff: CallRow = {
  parameters: [id, optional(table('options', 'diff'))],
  failure: 'outage',
  summary: about('preview the changes of'),
  describe:
    'What a sync would change, by a dry run on the server; nothing is written. No change is a table with total_changes 0; an outage raises an error, as nil would look like no changes.',
  returns: ['sloth.Diff? diff', 'string? err for an unknown id'],
};

const done = (err = 'why it failed') => ['boolean ok', `string? err ${err}`];

/** By the name within the module. */
export const gitopsCalls: Readonly<Record<string, CallRow>> = {
  workflow: declare,
  create_workflow: {
    ...declare,
    describe: 'Like `workflow`, for a registered repository (`repository`, `target_path`), and gives the id alone.',
    returns: ['string? id', 'string? err'],
  },
  register_repository: {
    parameters: [table('config', 'repository')],
    failure: 'nil',
    summary: (args) => `register repository ${nameOf(args)}`,
    before: 'Registering GitOps repository',
    describe: 'Registers a repository under an id, after a look whether it answers and the branch exists.',
    returns: ['string? id', 'string? err'],
  },
  sync_workflow: {
    parameters: [id, optional(table('options', 'sync'))],
    failure: 'false',
    summary: about('sync'),
    before: 'Starting GitOps sync',
    after: 'GitOps sync completed successfully',
    describe: 'Makes the cluster what the repository says, and waits until the sync is finished and healthy.',
    returns: done('why the sync failed; a sync that was rolled back failed'),
  },
  get_workflow_status: {
    parameters: [id],
    failure: 'nil',
    summary: about('read the status of'),
    describe: 'The state of an application and of its last sync.',
    returns: ['sloth.Status? status', 'string? err'],
  },
  list_workflows: {
    parameters: [optional(table('filter', 'list'))],
    failure: 'nil',
    summary: () => 'list all applications',
    describe: 'Applications, oldest first.',
    returns: ['sloth.ListEntry[]? applications', 'string? err'],
  },
  generate_diff: diff,
  preview_changes: diff,
  rollback_workflow: {
    parameters: [id, optional({ name: 'reason', type: 'string' }), optional(table('target', 'rollback'))],
    failure: 'false',
    summary: about('roll back'),
    describe: 'Brings back an earlier healthy set, by default the last healthy one of another revision.',
    returns: done(),
  },
  start_auto_sync: {
    parameters: [optional(id)],
    failure: 'false',
    summary: about('start auto-sync of'),
    describe: 'Lets an application sync by itself when its repository changes; without an id all, later ones as well.',
    returns: done(),
  },
  stop_auto_sync: {
    parameters: [optional(id)],
    failure: 'false',
    summary: about('stop auto-sync of'),
    describe: 'Ends auto-sync of an application; without an id of all.',
    returns: done(),
  },
  promote: {
    parameters: [table('config', 'promotion')],
    failure: 'nil',
    secrets: 'refused',
    summary: (args) => `promote ${promotedOf(args)}`,
    describe:
      'Takes the commit that is live and healthy in one application to the next ones in their order, each behind its gates: approval, sync, healthy for a time, checks. Waits for the end; `wait = false` gives back at once.',
    returns: ['sloth.Promotion? promotion', 'string? err which environment failed, and why'],
  },
  wait: {
    parameters: [id, optional(table('goal', 'wait'))],
    failure: 'nil',
    summary: about('wait for'),
    describe: 'Waits until an application has a status, a health, or both.',
    returns: ['sloth.Status? status', 'string? err when the time is up'],
  },
  history: {
    parameters: [id, optional({ name: 'limit', type: 'number' })],
    failure: 'nil',
    summary: about('read the history of'),
    describe: 'The syncs of an application, oldest first; the last ones when a limit is given.',
    returns: ['sloth.HistoryEntry[]? entries', 'string? err'],
  },
  suspend: {
    parameters: [id],
    failure: 'false',
    summary: about('suspend'),
    describe: 'Refuses syncs of an application until `resume`.',
    returns: done(),
  },
  resume: {
    parameters: [id],
    failure: 'false',
    summary: about('resume'),
    describe: 'Allows syncs of a suspended application again.',
    returns: done(),
  },
  approve: {
    parameters: [id, optional(table('options', 'approve'))],
    failure: 'false',
    summary: about('approve the plan of'),
    describe: 'Approves the plan of a sync that waits, or rejects it, in the name of whoever runs the script.',
    returns: done('why it was not taken: nothing waits, another plan waits, or somebody else must say it'),
  },
  delete_workflow: {
    parameters: [id, optional(table('options', 'delete'))],
    failure: 'false',
    summary: about('delete'),
    describe: 'Deletes an application and what it owns in the cluster; `prune = false` leaves that there.',
    returns: done(),
  },
};
