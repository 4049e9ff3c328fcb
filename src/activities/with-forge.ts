/**
 * A forge for the length of one activity: its token is looked up here, and quoted by no error.
 */
import type { Forge } from '../adapters/forge/forge.js';
import type { OpenForge } from '../adapters/forge/open-forge.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import type { ForgeAccess } from '../domain/forge/forge.js';
import { maskKnown } from '../domain/redaction.js';
import { withHeartbeat } from './heartbeat.js';
import { maskErrors } from './http-request.js';

/** @throws GitOpsError of the forge; SecretUnavailable */
export async function withForge<T>(
  { openForge, resolveSecret }: { openForge: OpenForge; resolveSecret: ResolveSecret },
  access: ForgeAccess,
  work: (forge: Forge) => Promise<T>,
): Promise<T> {
  const token = await resolveSecret(access.token);
  const mask = (text: string): string => maskKnown(text, [token]);
  return maskErrors({ mask }, () => withHeartbeat(({ signal }) => work(openForge(access, token, signal))));
}
