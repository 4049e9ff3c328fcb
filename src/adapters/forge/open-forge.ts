/**
 * The forge of a declaration, opened with the token that goes with it.
 */
import { requireConfidential, type ForgeKind, type ForgePlace } from '../../domain/forge/forge.js';
import type { Exchange } from '../http/exchange.js';
import type { ApiAccess } from './forge-api.js';
import type { Forge } from './forge.js';
import { Gitea } from './gitea.js';
import { GitHub } from './github.js';
import { GitLab } from './gitlab.js';

const forges: Readonly<
  Record<ForgeKind, new (repository: string, token: string, access: Omit<ApiAccess, 'headers'>) => Forge>
> = { github: GitHub, gitlab: GitLab, gitea: Gitea };

/** @throws GitOpsError NotAllowed for plain http */
export type OpenForge = (place: ForgePlace, token: string, signal: AbortSignal) => Forge;

export function forgeOpener(exchange: Exchange, { allowHttp }: { readonly allowHttp: boolean }): OpenForge {
  return (place, token, signal) => {
    requireConfidential(place, allowHttp);
    return new forges[place.kind](place.repository, token, { base: place.api, exchange, signal });
  };
}
