/**
 * The calls of a script that speak to application workflows: each is one method of the client, made durable. Grouped
 * in one file because each is a line; the steps that do work of their own have files of their own.
 */
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { getJson } from '../adapters/artifacts/artifact-store.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { WaitGoal } from '../client/waiting.js';
import { applicationIdOf } from '../client/application-id.js';
import { hasCode } from '../domain/errors.js';
import type { SyncRecord } from '../domain/sync-record.js';
import type { ApplicationStatus, DecisionInput, SyncRequest, SyncTicket } from '../workflows/messages.js';
import type { PreviewResult } from '../workflows/preview.js';
import { withHeartbeat } from './heartbeat.js';
import { diffTable, historyEntry, statusTable } from './lua-tables.js';

export interface ListFilter {
  readonly status?: string;
  readonly name?: string;
  readonly repository?: string;
  readonly auto_sync?: boolean;
}

export interface Asked {
  readonly app: string;
  readonly request: SyncRequest;
  /** The same for every attempt of a call: a worker that dies before it reports must not make the next one ask again. */
  readonly once: string;
}

export interface Decide {
  readonly app: string;
  readonly verdict: 'approve' | 'reject';
  readonly decision: DecisionInput;
  /** As in `Asked`. */
  readonly once: string;
}

type Table = Record<string, unknown>;

export function createApplicationCalls({ client, artifacts }: { client: GitOpsClient; artifacts: ArtifactStore }) {
  return {
    requestSync: ({ app, request, once }: Asked): Promise<SyncTicket> => client.sync(app, request, once),

    requestRollback: ({ app, request, once }: Asked): Promise<SyncTicket> =>
      client.rollback(app, request.why ?? 'Manual rollback', request.target, request, once),

    requestDelete: ({
      app,
      once,
      ...options
    }: Pick<Asked, 'app' | 'once'> & {
      prune?: boolean;
      who?: string;
      notify?: string;
    }): Promise<SyncTicket | null> => client.delete(app, options, once),

    readStatus: ({ app }: { app: string }): Promise<ApplicationStatus> => client.status(app),

    readStatusTable: async ({ app }: { app: string }): Promise<Table> => statusTable(await client.status(app)),

    readHistoryTable: async ({ app, limit }: { app: string; limit?: number }): Promise<Table[]> =>
      (await client.history(app, limit)).map(historyEntry),

    /** Undefined while the sync has not ended. */
    findSync: async ({ app, sync }: { app: string; sync: string }): Promise<SyncRecord | undefined> => {
      try {
        return await client.findSync(app, sync);
      } catch (error) {
        if (hasCode(error, 'UnknownSync')) return undefined;
        throw error;
      }
    },

    listApplications: ({ filter, include }: { filter: ListFilter; include: readonly string[] }): Promise<Table[]> =>
      listTables(client, filter, include),

    readDiffTable: async ({ app, preview }: { app: string; preview: PreviewResult }): Promise<Table> => {
      const report = await getJson<{ changes: object[]; conflicts: object[] }>(artifacts, preview.report);
      const about = {
        workflow_id: app,
        generated_at: preview.generatedAt,
        revision: preview.revision,
        plan_digest: preview.planDigest,
      };
      return diffTable(report, preview.report, about);
    },

    autoSyncStopped: (): Promise<boolean> => client.autoSync.isStopped(),

    setAutoSync: async ({ app, enabled }: { app?: string; enabled: boolean }): Promise<void> => {
      if (app !== undefined) return client.setAutoSync(app, enabled);
      return enabled ? client.autoSync.startAll('a script') : client.autoSync.stopAll('a script');
    },

    suspend: ({ app, who }: { app: string; who: string }): Promise<void> => client.suspend(app, who),

    decide: async ({ app, verdict, decision, once }: Decide): Promise<void> => {
      await client.approvals[verdict](app, decision, once);
    },

    resume: ({ app, who }: { app: string; who: string }): Promise<void> => client.resume(app, who),

    awaitApplication: ({ app, ...goal }: { app: string } & WaitGoal): Promise<Table> =>
      withHeartbeat(async ({ signal }) => statusTable(await client.waitFor(app, goal, signal))),
  };
}

/** Oldest first, each with its exact status; `include` are ids that visibility may not list yet. */
async function listTables(client: GitOpsClient, filter: ListFilter, include: readonly string[]): Promise<Table[]> {
  const listed = (await client.list()).map((summary) => summary.id);
  const ids = new Set([...listed, ...include.map(applicationIdOf)]);
  const tables = await Promise.all([...ids].map((id) => statusOrNothing(client, id)));
  const found = tables.filter((status) => status !== undefined);
  found.sort((a, b) => a.spec.createdAt.localeCompare(b.spec.createdAt));
  return found.map(listEntry).filter((entry) => matches(entry, filter));
}

async function statusOrNothing(client: GitOpsClient, id: string): Promise<ApplicationStatus | undefined> {
  try {
    return await client.status(id);
  } catch (error) {
    if (hasCode(error, 'UnknownApplication')) return undefined;
    throw error;
  }
}

function listEntry({ spec, status }: ApplicationStatus): Table {
  return { id: spec.id, name: spec.name, status, repository: spec.source.url, auto_sync: spec.autoSync };
}

function matches(entry: Table, filter: ListFilter): boolean {
  return Object.entries(filter).every(([field, wanted]) => wanted === undefined || entry[field] === wanted);
}
