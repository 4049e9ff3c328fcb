/** The fields `policies` and `projects` of `config.yaml`. What a policy itself says is checked where it is compiled. */
import { z } from 'zod';
import { syncWindowsSchema } from '../schema/sync-windows.js';

export const policySourcesSchema = z
  .union([z.string(), z.array(z.union([z.string(), z.record(z.string(), z.unknown())]))])
  .describe('a folder or file of policies, or a list of those and of policies in the short form');

const kindRulesSchema = z.strictObject({
  allow: z.array(z.string()).optional(),
  deny: z.array(z.string()).optional(),
});

export const projectSchema = z.strictObject({
  sources: z.array(z.string()).optional().describe('patterns of repository URLs; ! takes away'),
  destinations: z
    .array(z.strictObject({ cluster: z.string().optional(), namespace: z.string().optional() }))
    .optional()
    .describe('patterns of clusters and namespaces'),
  allow_cluster_scoped: z.boolean().optional().describe('whether objects outside of namespaces are allowed'),
  cluster_kinds: kindRulesSchema.optional().describe('patterns group/Kind of objects outside of namespaces'),
  namespace_kinds: kindRulesSchema.optional().describe('patterns group/Kind of objects in namespaces'),
  policies: policySourcesSchema.optional(),
  sync_windows: syncWindowsSchema.optional().describe('when its applications may be synced; these cannot loosen it'),
});

export type PolicySources = z.infer<typeof policySourcesSchema>;
export type ProjectConfig = z.infer<typeof projectSchema>;
