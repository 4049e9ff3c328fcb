/**
 * Applications as Temporal's visibility knows them: no workflow is woken, the answer may be a second old.
 */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { ApplicationMemo } from '../workflows/application-memo.js';

export interface ApplicationSummary {
  readonly id: string;
  readonly name: string;
  readonly status: string;
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
    found.push(syncing.has(summary.id) ? { ...summary, status: 'syncing' } : summary);
  }
  return found.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name));
}

function running(type: string): string {
  return `WorkflowType = "${type}" AND ExecutionStatus = "Running"`;
}

/** Ids of the applications of which a sync runs now: `gitops/<id>/sync-<n>`. */
async function syncingApplications(temporal: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { workflowId } of temporal.workflow.list({ query: running('sync') }))
    ids.add(workflowId.split('/')[1] ?? '');
  return ids;
}

export function summaryOf(info: WorkflowExecutionInfo): ApplicationSummary {
  const memo = (info.memo ?? {}) as Partial<ApplicationMemo>;
  const attribute = (name: string): string => String(info.searchAttributes[name]?.[0] ?? '');
  return {
    id: memo.id ?? info.workflowId.replace(/^gitops\//, ''),
    name: memo.name ?? attribute('GitopsApp'),
    status: attribute('GitopsStatus') || 'active',
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
