/**
 * `gitops.workflow{...}` and `gitops.create_workflow{...}` (lua-api.md 2.1). All optional but `repo`.
 */
import { z } from 'zod';
import { approvalSchema } from './approval.js';
import { credentialsSchema } from './credentials.js';
import { duration, durationOrNever } from './duration.js';
import { renderSchema } from './render-config.js';
import { sourceSchema } from './source-config.js';
import { ignoreDifferencesSchema } from './ignore-differences.js';
import { healthCheckSchema } from './health-checks.js';
import { syncWindowsSchema } from './sync-windows.js';
import { notificationTargetsSchema } from './notification-targets.js';

const retrySchema = z.strictObject({
  limit: z.number().optional().describe('further attempts; 3 unless said otherwise'),
  backoff: z
    .union([
      z.enum(['exponential', 'linear', 'fixed']),
      z.strictObject({
        duration: duration.optional().describe('the first pause'),
        factor: z.number().optional().describe('how much longer each pause is'),
        jitter: z.number().optional().describe('share of a pause that chance decides'),
        max_duration: duration.optional().describe('the longest pause'),
      }),
    ])
    .optional()
    .describe('how the pauses grow'),
  max_duration: duration.optional().describe('the longest pause'),
});

const syncPolicySchema = z.strictObject({
  auto_prune: z.boolean().optional().describe('delete what the repository no longer has; off unless asked'),
  self_heal: z.boolean().optional().describe('put back what others changed in the cluster'),
  retry: retrySchema.optional().describe('attempts of a sync'),
  health_check: z
    .strictObject({
      enabled: z.boolean().optional().describe('false: do not wait for health'),
      timeout: duration.optional().describe('how long to wait for health; 5m unless said otherwise'),
      failure_mode: z
        .enum(['ignore', 'fail', 'rollback'])
        .optional()
        .describe('what follows when it does not become healthy; rollback when rollback_on_failure is set, else fail'),
      stable_for: duration.optional().describe('how long it must stay healthy'),
      checks: z.array(healthCheckSchema).optional().describe('what is asked besides the objects'),
    })
    .optional()
    .describe('what healthy means and how long to wait for it'),
  pre_sync_hooks: z.array(z.string()).optional().describe('shell lines before a sync; one that fails, fails it'),
  post_sync_hooks: z.array(z.string()).optional().describe('shell lines after a sync; one that fails warns'),
  sync_options: z.array(z.string()).optional().describe('options of Argo CD, "Prune=false"'),
});

/** Accepted as they are written; a later version gives them their meaning. */
const later = z.unknown().optional();

export const workflowConfigSchema = z.object({
  repo: z.string().optional().describe('URL, path, owner/name, or id of a registered repository'),
  repository: z.string().optional().describe('another name of repo'),
  branch: z.string().optional().describe('the branch; main unless said otherwise'),
  name: z.string().optional().describe('name of the application'),
  id: z.string().optional().describe('a name of yours that the id is made from'),
  path: z.string().optional().describe('folder inside the repository; the whole of it unless said otherwise'),
  target_path: z.string().optional().describe('another name of path'),
  auto_sync: z
    .boolean()
    .optional()
    .describe('sync by itself when the repository changes; the first sync starts in the background'),
  diff_preview: z.boolean().optional().describe('every sync stores and shows its diff before the first write'),
  rollback_on_failure: z.boolean().optional().describe('a sync that fails brings back the last healthy set'),
  sync_interval: durationOrNever.optional().describe('how often the repository is looked at; "never" only when told'),
  namespace: z.string().optional().describe('namespace of objects that name none'),
  cluster: z.string().optional().describe('the cluster; the default one when absent'),
  credentials: credentialsSchema.optional().describe('how the repository is reached'),
  sync_policy: syncPolicySchema.optional().describe('pruning, retries, health and hooks'),
  validation_required: z.boolean().optional().describe('policy warnings and conflicts block a sync'),
  approval_required: approvalSchema.optional().describe('people approve each plan before its first write'),
  environment: z.string().optional().describe('the environment it belongs to'),
  project: z.string().optional().describe('the project it belongs to; default unless said otherwise'),
  adopt: z.boolean().optional().describe('take over the name of an application that points elsewhere'),
  conflict_resolution: z
    .enum(['fail', 'force', 'yield', 'auto'])
    .optional()
    .describe('what happens with fields that others own'),
  ignore_differences: ignoreDifferencesSchema.optional().describe('fields that are left to others'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('anything of yours; it has no effect'),
  repos: z.array(sourceSchema).optional().describe('further sources, later ones win'),
  branch_strategy: later.describe('how branches map to environments; kept, without effect yet'),
  policies: z.unknown().optional().describe('a folder inside path, or a list of policies in the short form'),
  sync_windows: syncWindowsSchema.optional().describe('when syncs may run'),
  depends_on: later.describe('applications that must be healthy first; kept, without effect yet'),
  notifications: notificationTargetsSchema.optional().describe('who is told how a sync went'),
  render: renderSchema.optional().describe('how the path becomes objects'),
});

export type WorkflowConfig = z.infer<typeof workflowConfigSchema>;
