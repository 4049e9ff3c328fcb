/**
 * Applications as Temporal's visibility knows them: no workflow is woken, the answer may be a second old.
 */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { ApplicationMemo } from '../workflows/application-memo.js';

export interface ApplicationSummary {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Live objects differ from what the last sync left. */
  readonly drift: boolean;
  readonly health: string;
  readonly revision: string;
  readonly repository: string;
  readonly branch: string;
  readonly autoSync: boolean;
  readonly project: string;
  readonly cluster: string;
  readonly environment: string;
  readonly createdAt: string;
}

/** Oldest declaration first. */
export async function listApplications(temporal: Client): Promise<ApplicationSummary[]> {
  const found: ApplicationSummary[] = [];
  const syncing = await syncingApplications(temporal);
  for await (const info of temporal.workflow.list({ query: running('application') })) {
    const summary = summaryOf(info);
    const shown = syncing.has(summary.id) && summary.status !== 'awaiting_approval';
    found.push(shown ? { ...summary, status: 'syncing' } : summary);
  }
  return found.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name));
}

export function running(type: string): string {
  return `WorkflowType = "${type}" AND ExecutionStatus = "Running"`;
}

/** Ids of the applications of which a sync runs now: `gitops/<id>/sync-<n>`. */
export async function syncingApplications(temporal: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { workflowId } of temporal.workflow.list({ query: running('sync') }))
    ids.add(workflowId.split('/')[1] ?? '');
  return ids;
}

/** The attribute says `drifted` where the application's status is `synced` and it drifted. */
function statusOf(attribute: string): { status: string; drift: boolean } {
  return attribute === 'drifted' ? { status: 'synced', drift: true } : { status: attribute || 'active', drift: false };
}

export function summaryOf(info: WorkflowExecutionInfo): ApplicationSummary {
  const memo = (info.memo ?? {}) as Partial<ApplicationMemo>;
  const attribute = (name: string): string => String(info.searchAttributes[name]?.[0] ?? '');
  return {
    id: memo.id ?? info.workflowId.replace(/^gitops\//, ''),
    name: memo.name ?? attribute('GitopsApp'),
    ...statusOf(attribute('GitopsStatus')),
    health: attribute('GitopsHealth') || 'Unknown',
    revision: attribute('GitopsRevision'),
    repository: memo.repository ?? '',
    branch: memo.branch ?? '',
    autoSync: memo.autoSync ?? false,
    project: attribute('GitopsProject'),
    cluster: attribute('GitopsCluster'),
    environment: attribute('GitopsEnvironment'),
    createdAt: memo.createdAt ?? info.startTime.toISOString(),
  };
}
