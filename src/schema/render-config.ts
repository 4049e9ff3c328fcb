/** `render` of a declaration: how the path becomes objects. */
import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).optional();
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const helmSchema = z.strictObject({
  release_name: z.string().optional().describe('name of the release; that of the application unless said otherwise'),
  namespace: z.string().optional().describe('namespace of the release'),
  values_files: texts.describe('values files of the chart, later ones win'),
  values: z.record(z.string(), z.unknown()).optional().describe('values of the chart'),
  parameters: z.record(z.string(), scalar).optional().describe('single values by path, "image.tag"'),
  set: z.record(z.string(), scalar).optional().describe('single values by path, as helm --set'),
  skip_crds: z.boolean().optional().describe('leave out the definitions of the chart'),
  include_crds: z.boolean().optional().describe('take the definitions of the chart along'),
  skip_tests: z.boolean().optional().describe('leave out the tests of the chart'),
  kube_version: z.string().optional().describe('version of Kubernetes the chart is told'),
  api_versions: texts.describe('API versions the chart is told'),
  skip_schema_validation: z.boolean().optional().describe("do not check the values against the chart's schema"),
});

export const renderSchema = z.strictObject({
  type: z
    .enum(['plain', 'kustomize', 'helm'])
    .optional()
    .describe('how the path becomes objects; found out when absent'),
  recurse: z.boolean().optional().describe('read folders below as well'),
  include: texts.describe('only files like these, globs'),
  exclude: texts.describe('no files like these, globs'),
  variables: z.record(z.string(), scalar).optional().describe('values for ${NAME} in plain manifests'),
  helm: helmSchema.optional().describe('how a chart is rendered'),
});

export type RenderConfig = z.infer<typeof renderSchema>;
