/** One of `repos`: a further source of an application. */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';
import { renderSchema } from './render-config.js';

export const sourceSchema = z.strictObject({
  repo: z.string().optional(),
  repository: z.string().optional(),
  branch: z.string().optional(),
  path: z.string().optional(),
  target_path: z.string().optional(),
  credentials: credentialsSchema.optional(),
  render: renderSchema.optional(),
});

export type SourceConfig = z.infer<typeof sourceSchema>;
