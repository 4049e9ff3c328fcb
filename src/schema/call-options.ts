/** Options of the other calls of the `gitops` module (lua-api.md section 2). */
import { z } from 'zod';
import { duration } from './duration.js';

export const syncOptionsSchema = z.object({
  revision: z.string().optional().describe('branch, tag or commit instead of the declared branch'),
  dry_run: z.boolean().optional().describe('check against the server, write nothing'),
  prune: z.boolean().optional().describe('delete what the repository no longer has'),
  allow_shrink: z.boolean().optional().describe('accept a set that lost a large part of its objects'),
  resources: z.array(z.string()).optional().describe('only these, "GROUP:KIND:NAME" each'),
  timeout: duration.optional().describe('how long the sync may take'),
  wait: z.boolean().optional().describe('false: give back at once, the sync goes on'),
});
export const diffOptionsSchema = z.object({
  revision: z.string().optional().describe('branch, tag or commit to compare with'),
});
export const listFilterSchema = z.object({
  status: z.string().optional().describe('only those of this status'),
  name: z.string().optional().describe('only the one of this name'),
  repository: z.string().optional().describe('only those of this repository'),
  auto_sync: z.boolean().optional().describe('only those that sync by themselves, or do not'),
});
export const rollbackTargetSchema = z.object({
  to: z.enum(['previous', 'commit', 'timestamp', 'sync']).optional().describe('what kind of target'),
  commit: z.string().optional().describe('the commit to go back to'),
  timestamp: z.string().optional().describe('RFC 3339: the last healthy sync before it'),
  sync_id: z.string().optional().describe('the sync to go back to, "sync-3"'),
});
export const waitGoalSchema = z.object({
  status: z.string().optional().describe('the status to wait for, such as "synced"'),
  health: z.string().optional().describe('the health to wait for, such as "Healthy"'),
  timeout: duration.optional().describe('how long to wait'),
});
export const approveOptionsSchema = z.object({
  digest: z.string().optional().describe('of the plan that was looked at; the one that waits otherwise'),
  reason: z.string().optional().describe('why; a rejection must say'),
  reject: z.boolean().optional().describe('true: the plan is rejected, and its sync fails'),
});
export const deleteOptionsSchema = z.object({
  prune: z.boolean().optional().describe('delete what it owns in the cluster as well; true unless said otherwise'),
});
