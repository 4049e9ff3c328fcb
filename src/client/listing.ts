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
  const query = 'WorkflowType = "application" AND ExecutionStatus = "Running"';
  const found: ApplicationSummary[] = [];
  for await (const info of temporal.workflow.list({ query })) found.push(summaryOf(info));
  return found.sort((a, b) => a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name));
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
