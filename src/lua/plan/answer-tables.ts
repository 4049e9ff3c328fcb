/**
 * The tables a plan answers with, complete as lua-api.md 2.2 and 2.3 have them. Texts that a run would fetch when they
 * are read are handles here as well, so that reading one is a step of the plan.
 */
import type { ChangeType } from '../../domain/diff/impact.js';
import { summarise } from '../../domain/diff/summary.js';
import type { Data } from '../host.js';
import type { Table } from './engine-facts.js';
import {
  isSynced,
  textOf,
  type SimulatedApplication,
  type SimulatedEngine,
  type SimulatedSync,
} from './simulated-engine.js';

/** Digest of the artifact that is not there. */
export const assumedArtifact = '0'.repeat(64);

export function statusTable(app: SimulatedApplication): Table {
  const { id, declared, syncs, autoSync, suspended } = app;
  const last = syncs.at(-1);
  const current = syncs.findLast((sync) => sync.status === 'succeeded');
  const ended = last === undefined ? 'active' : last.status === 'succeeded' ? 'synced' : 'failed';
  return {
    id,
    name: declared.name,
    status: suspended ? 'suspended' : ended,
    health: current === undefined ? 'Unknown' : 'Healthy',
    auto_sync: autoSync,
    repository: declared.url,
    ...(current === undefined ? {} : { revision: current.revision }),
    ...(last === undefined ? {} : { last_sync_result: syncResultTable(last) }),
  };
}

/** Synced, but not healthy. */
export function degradedTable(engine: SimulatedEngine, app: SimulatedApplication): Table {
  const failed = {
    id: 'sync-1',
    status: 'failed',
    revision: '0'.repeat(40),
    why: 'manual',
    at: engine.time(),
  } as const;
  return {
    ...statusTable(app),
    status: 'degraded',
    health: 'Degraded',
    revision: failed.revision,
    last_sync_result: syncResultTable({ ...failed, applied: 0 }),
  };
}

const messages: Readonly<Record<SimulatedSync['status'], string>> = {
  succeeded: 'Sync completed successfully',
  failed: 'assumed: the sync failed',
  rolled_back: 'assumed: the sync failed; the last healthy set was brought back',
};

function syncResultTable({ id, status, at, revision, applied }: SimulatedSync): Table {
  return {
    id,
    status,
    start_time: at,
    end_time: at,
    commit_hash: revision,
    message: messages[status],
    changes_applied: applied,
    health_checks: { healthy: 1, total: 1 },
    metrics: {
      duration: '0.0s',
      resources_processed: 1,
      resources_applied: applied,
      resources_skipped: 1 - applied,
      resources_failed: status === 'succeeded' ? 0 : 1,
      conflicts_resolved: 0,
    },
  };
}

export function historyTable({ syncs }: SimulatedApplication, limit: Data | undefined): Data[] {
  const entries = syncs.map(({ id, status, revision, why, at, applied }) => ({
    id,
    revision,
    status,
    who: 'script',
    why,
    started: at,
    finished: at,
    message: messages[status],
    counts: { created: applied, updated: 0, deleted: 0, unchanged: 1 - applied, conflicts: 0 },
    plan_digest: assumedArtifact,
  }));
  return typeof limit === 'number' ? entries.slice(-limit) : entries;
}

export function listEntry(app: SimulatedApplication): Table {
  const { id, name, status, repository, auto_sync } = statusTable(app) as Record<string, Data>;
  return { id, name, status, repository, auto_sync } as Table;
}

/** All goes well: every target runs what the source runs. */
export function promotionTable(engine: SimulatedEngine, { from, to, environments }: Table): Table {
  const stages = [environments ?? [from ?? '', to ?? '']].flat(2) as readonly Data[];
  const names = stages.map((stage) => textOf((stage as { app?: Data } | null)?.app ?? stage)).filter(Boolean);
  const [source, ...targets] = names.map((name) => engine.find(name));
  const revision = source?.syncs.at(-1)?.revision ?? '';
  for (const target of targets) engine.sync(target, 'succeeded', 'promotion', revision);
  const id = `promotion/${names.at(-1) ?? ''}/1`;
  const passed = names.map((app) => ({ app, status: 'passed', message: '' }));
  return { id, status: 'succeeded', message: 'assumed', revision, environments: passed };
}

// Diffs

const changeOf = (type: ChangeType, kind: string, impact: string): Table & { readonly type: ChangeType } => ({
  type,
  resource: `${kind}/assumed`,
  apiVersion: 'v1',
  kind,
  name: 'assumed',
  namespace: 'assumed',
  impact,
});

const create = changeOf('create', 'ConfigMap', 'low');
const deletion = changeOf('delete', 'Secret', 'critical');
const conflict: Table = {
  resource: 'ConfigMap/assumed',
  type: 'field_owner',
  description: 'assumed: another manager owns a field',
  owner: 'assumed',
  fields: ['assumed'],
  suggestions: ['assumed'],
};

export const diffs = {
  /** What the first sync of an application, or another revision, brings. */
  changes: { changes: [create], conflicts: [], warnings: [] },
  unchanged: { changes: [], conflicts: [], warnings: [] },
  conflicts: {
    changes: [create, deletion],
    conflicts: [conflict],
    warnings: ['assumed: Secret/assumed would be deleted'],
  },
} as const;

export function diffTable(engine: SimulatedEngine, app: SimulatedApplication, which: keyof typeof diffs): Table {
  const { changes, conflicts, warnings } = diffs[which];
  const withTexts = (list: 'changes' | 'conflicts', entries: readonly Table[]): Data[] =>
    entries.map((entry, i) => ({ ...entry, ...handles(`${list}.${i}`) }));
  return {
    workflow_id: app.id,
    generated_at: engine.time(),
    revision: engine.facts.sha256(`${app.declared.url} ${app.declared.branch}`).slice(0, 40),
    plan_digest: assumedArtifact,
    summary: { ...summarise(changes, conflicts.length, warnings.length) },
    changes: withTexts('changes', changes),
    conflicts: withTexts('conflicts', conflicts),
    warnings: [...warnings],
    policy: [],
  };
}

function handles(path: string): Table {
  const fields = ['diff', 'current_state', 'desired_state'];
  return Object.fromEntries(fields.map((f) => [f, { $artifact: assumedArtifact, path: `${path}.${f}` }]));
}

/** Text behind a handle. */
export function artifactText(path: string): string {
  return path.endsWith('.diff') ? '--- live\n+++ desired\n+assumed: true\n' : 'assumed: true\n';
}

export function expectedDiff(app: SimulatedApplication, options: Data | undefined): 'changes' | 'unchanged' {
  const other = (options as { revision?: string } | null | undefined)?.revision !== undefined;
  return isSynced(app) && !other ? 'unchanged' : 'changes';
}
