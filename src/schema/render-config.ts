/** `render` of a declaration: how the path becomes objects. */
import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).optional();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const helmSchema = z.strictObject({
  release_name: z.string().optional(),
  namespace: z.string().optional(),
  values_files: texts,
  values: z.record(z.string(), z.unknown()).optional(),
  parameters: z.record(z.string(), scalar).optional(),
  set: z.record(z.string(), scalar).optional(),
  skip_crds: z.boolean().optional(),
  include_crds: z.boolean().optional(),
  skip_tests: z.boolean().optional(),
  kube_version: z.string().optional(),
  api_versions: texts,
  skip_schema_validation: z.boolean().optional(),
});

export const renderSchema = z.strictObject({
  type: z.enum(['plain', 'kustomize', 'helm']).optional(),
  recurse: z.boolean().optional(),
  include: texts,
  exclude: texts,
  variables: z.record(z.string(), scalar).optional(),
  helm: helmSchema.optional(),
});

export type RenderConfig = z.infer<typeof renderSchema>;
