/** How a repository is reached. Secrets are references: secret("name"), "env:NAME", "file:PATH". */
import { z } from 'zod';

/** `reference` is ours: the checker of Lua calls refuses anything that is no reference. */
const reference = z.string().meta({ reference: true });

export const credentialsSchema = z.strictObject({
  type: z.enum(['token', 'ssh', 'userpass']),
  token: reference.optional(),
  username: z.string().optional(),
  password: reference.optional(),
  ssh_key: reference.optional(),
  ssh_key_path: z.string().optional(),
});
