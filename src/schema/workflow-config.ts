/**
 * `gitops.workflow{...}` and `gitops.create_workflow{...}` (lua-api.md 2.1). All optional but `repo`.
 */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';
import { duration } from './duration.js';
import { renderSchema } from './render-config.js';
import { sourceSchema } from './source-config.js';
import { ignoreDifferencesSchema } from './ignore-differences.js';
import { healthCheckSchema } from './health-checks.js';

const retrySchema = z.strictObject({
  limit: z.number().optional(),
  backoff: z
    .union([
      z.enum(['exponential', 'linear', 'fixed']),
      z.strictObject({
        duration: duration.optional(),
        factor: z.number().optional(),
        jitter: z.number().optional(),
        max_duration: duration.optional(),
      }),
    ])
    .optional(),
  max_duration: duration.optional(),
});

const syncPolicySchema = z.strictObject({
  auto_prune: z.boolean().optional(),
  self_heal: z.boolean().optional(),
  retry: retrySchema.optional(),
  health_check: z
    .strictObject({
      enabled: z.boolean().optional(),
      timeout: duration.optional(),
      failure_mode: z.enum(['ignore', 'fail', 'rollback']).optional(),
      stable_for: duration.optional(),
      checks: z.array(healthCheckSchema).optional(),
    })
    .optional(),
  pre_sync_hooks: z.array(z.string()).optional(),
  post_sync_hooks: z.array(z.string()).optional(),
  sync_options: z.array(z.string()).optional(),
});

/** Accepted as they are written; a later version gives them their meaning. */
const later = z.unknown().optional();

export const workflowConfigSchema = z.object({
  repo: z.string().optional(),
  repository: z.string().optional(),
  branch: z.string().optional(),
  name: z.string().optional(),
  id: z.string().optional(),
  path: z.string().optional(),
  target_path: z.string().optional(),
  auto_sync: z.boolean().optional(),
  diff_preview: z.boolean().optional(),
  rollback_on_failure: z.boolean().optional(),
  sync_interval: duration.optional(),
  namespace: z.string().optional(),
  cluster: z.string().optional(),
  credentials: credentialsSchema.optional(),
  sync_policy: syncPolicySchema.optional(),
  validation_required: z.boolean().optional(),
  approval_required: z.boolean().optional(),
  environment: z.string().optional(),
  project: z.string().optional(),
  adopt: z.boolean().optional(),
  conflict_resolution: z.enum(['fail', 'force', 'yield', 'auto']).optional(),
  ignore_differences: ignoreDifferencesSchema.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  repos: z.array(sourceSchema).optional(),
  branch_strategy: later,
  policies: z.unknown().optional().describe('a folder inside path, or a list of policies in the short form'),
  sync_windows: later,
  depends_on: later,
  notifications: later,
  render: renderSchema.optional(),
});

export type WorkflowConfig = z.infer<typeof workflowConfigSchema>;
