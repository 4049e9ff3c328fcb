/** Options of the other calls of the `gitops` module (lua-api.md section 2). */
import { z } from 'zod';
import { duration } from './duration.js';

export const syncOptionsSchema = z.object({
  revision: z.string().optional(),
  dry_run: z.boolean().optional(),
  prune: z.boolean().optional(),
  allow_shrink: z.boolean().optional(),
  resources: z.array(z.string()).optional(),
  timeout: duration.optional(),
  wait: z.boolean().optional(),
});
export const diffOptionsSchema = z.object({ revision: z.string().optional() });
export const listFilterSchema = z.object({
  status: z.string().optional(),
  name: z.string().optional(),
  repository: z.string().optional(),
  auto_sync: z.boolean().optional(),
});
export const rollbackTargetSchema = z.object({
  to: z.enum(['previous', 'commit', 'timestamp', 'sync']).optional(),
  commit: z.string().optional(),
  timestamp: z.string().optional(),
  sync_id: z.string().optional(),
});
export const waitGoalSchema = z.object({
  status: z.string().optional(),
  health: z.string().optional(),
  timeout: duration.optional(),
});
export const deleteOptionsSchema = z.object({ prune: z.boolean().optional() });
