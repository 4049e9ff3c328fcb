/** One of `repos`: a further source of an application. */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';
import { renderSchema } from './render-config.js';

export const sourceSchema = z.strictObject({
  repo: z.string().optional().describe('address, path, owner/name or id of the repository'),
  repository: z.string().optional().describe('another name of repo'),
  branch: z.string().optional().describe('the branch; main unless said otherwise'),
  path: z.string().optional().describe('folder inside the repository'),
  target_path: z.string().optional().describe('another name of path'),
  credentials: credentialsSchema.optional().describe('how the repository is reached'),
  render: renderSchema.optional().describe('how the path becomes objects'),
});

export type SourceConfig = z.infer<typeof sourceSchema>;
