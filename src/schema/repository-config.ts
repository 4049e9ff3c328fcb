/** `gitops.register_repository{...}`. */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';

export const repositoryConfigSchema = z.object({
  url: z.string().optional(),
  repo: z.string().optional(),
  branch: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  credentials: credentialsSchema.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

export type RepositoryConfig = z.infer<typeof repositoryConfigSchema>;
