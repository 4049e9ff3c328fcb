/** How a repository is reached. Secrets are references: secret("name"), "env:NAME", "file:PATH". */
import { z } from 'zod';

/** `reference` is ours: the checker of Lua calls refuses anything that is no reference. */
const reference = z.string().meta({ reference: true });

export const credentialsSchema = z.strictObject({
  type: z.enum(['token', 'ssh', 'userpass']).describe('how the repository is reached'),
  token: reference.optional().describe('an access token: secret("name"), "env:NAME" or "file:PATH"'),
  username: z.string().optional().describe('the user of the password'),
  password: reference.optional().describe('the password: secret("name"), "env:NAME" or "file:PATH"'),
  ssh_key: reference.optional().describe('the private key: secret("name"), "env:NAME" or "file:PATH"'),
  ssh_key_path: z.string().optional().describe('file of the private key on the worker'),
});
