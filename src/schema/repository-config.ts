/** `gitops.register_repository{...}`. */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';

export const repositoryConfigSchema = z.object({
  url: z.string().optional().describe('address of the repository'),
  repo: z.string().optional().describe('another name of url'),
  branch: z.string().optional().describe('the branch; main unless said otherwise'),
  id: z.string().optional().describe('the id it is registered under; made from the address when absent'),
  name: z.string().optional().describe('a name for people'),
  credentials: credentialsSchema.optional().describe('how the repository is reached'),
  metadata: z.record(z.string(), z.unknown()).optional().describe('anything of yours; it has no effect'),
});

export type RepositoryConfig = z.infer<typeof repositoryConfigSchema>;
