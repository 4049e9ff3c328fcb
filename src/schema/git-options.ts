/** Options of the git module, one table for each call (lua-api.md section 4). */
import { z } from 'zod';
import { credentialsSchema } from './credentials.js';

const path = z
  .string()
  .optional()
  .describe("folder of the repository in the run's folder, by default the folder itself");
const branch = z.string().optional().describe('by default the branch the repository stands on');
const remote = z.string().optional().describe('by default origin');
const credentials = credentialsSchema.optional().describe('how the repository is reached; secrets are references');

export const gitSchemas = {
  git_clone: z.strictObject({
    url: z.string().describe('https, ssh, git@host:owner/name, or owner/name'),
    path: z.string().optional().describe('where to; by default the last part of the address'),
    branch: z.string().optional().describe('branch or tag, by default the one of the repository'),
    depth: z.int().min(1).optional().describe('how many commits of the past come along, by default all'),
    credentials,
  }),
  git_checkout: z.strictObject({
    path,
    revision: z.string().optional().describe('branch, tag or commit'),
    branch: z.string().optional().describe('the same'),
    create: z.boolean().optional().describe('make a branch of that name'),
  }),
  git_pull: z.strictObject({ path, remote, branch, credentials }),
  git_status: z.strictObject({ path }),
  git_commit: z.strictObject({
    path,
    message: z.string().describe('what the commit says'),
    files: z.array(z.string()).optional().describe('what to commit, by default every change'),
    author: z.string().optional().describe('Name <address>'),
  }),
  git_push: z.strictObject({ path, remote, branch, credentials }),
} as const;

export interface GitOptions {
  readonly url?: string;
  readonly path?: string;
  readonly branch?: string;
  readonly revision?: string;
  readonly create?: boolean;
  readonly depth?: number;
  readonly message?: string;
  readonly files?: readonly string[];
  readonly author?: string;
  readonly remote?: string;
  readonly credentials?: z.infer<typeof credentialsSchema>;
}
