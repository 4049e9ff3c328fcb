/**
 * moveSet: in the place of clone and render, when a promotion carries the very objects of another environment.
 */
import { getJson, putJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { readOwnPolicies } from '../adapters/policy/own-policies.js';
import type { OwnPolicies } from '../domain/application.js';
import type { Digest } from '../domain/digest.js';
import { GitOpsError } from '../domain/errors.js';
import { movedSet } from '../domain/promotion/moved-set.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import type { RenderResult } from '../domain/sync.js';
import type { Target } from '../domain/target.js';

export interface MoveSetInput {
  readonly manifests: Digest;
  readonly from: Target;
  readonly to: Target;
  /** Of the application it moves to. */
  readonly policies?: OwnPolicies;
}

export function createMoveSet({ artifacts }: { artifacts: ArtifactStore }) {
  /** @throws GitOpsError NotPromotable, ArtifactMissing */
  return async function moveSet({ manifests, from, to, policies }: MoveSetInput): Promise<RenderResult> {
    if (policies?.folder !== undefined) throw unseenPolicies(to, policies.folder);
    const set = movedSet(await getJson<RenderedSet>(artifacts, manifests), from, to);
    const own = policies === undefined ? undefined : readOwnPolicies({ files: [], folder: '.' }, policies);
    return {
      manifests: await putJson(artifacts, set),
      objects: set.length,
      warnings: [],
      ...(own === undefined ? {} : { policies: await putJson(artifacts, own) }),
    };
  };
}

/** A set that comes by itself would pass them by. */
function unseenPolicies({ appName }: Target, folder: string): GitOpsError {
  return new GitOpsError(
    'NotPromotable',
    `the policies of ${appName} lie in ${folder} of its repository, unseen by a set`,
    {
      hint: 'promote the commit, or declare the policies in the short form',
    },
  );
}
