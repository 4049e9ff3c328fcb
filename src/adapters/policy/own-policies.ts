/**
 * The policies an application brings: the files of a folder of its source, and what its declaration says.
 */
import type { OwnPolicies } from '../../domain/application.js';
import { GitOpsError } from '../../domain/errors.js';
import { inRepository } from '../../domain/render-options.js';
import { textOf } from '../manifests/plain-manifests.js';
import { filesWithin, type SourceFiles } from '../render/source-files.js';
import type { PolicyText } from './policy-documents.js';

const policyFile = /\.(ya?ml|json)$/i;

/** @throws GitOpsError InvalidPolicy when the folder holds none, or a link; RenderFailed for what is no text */
export function readOwnPolicies(
  source: SourceFiles,
  { folder, inline = [] }: OwnPolicies,
): { texts: PolicyText[]; inline: readonly unknown[] } {
  if (folder === undefined) return { texts: [], inline };
  const place = inRepository(source.folder, folder) ?? folder;
  const files = filesWithin(source, place).filter(({ path }) => policyFile.test(path));
  if (files.length === 0)
    throw new GitOpsError('InvalidPolicy', `policies: the folder ${place} holds no policy files`, {
      hint: 'policies names a folder inside path; its files end in .yaml, .yml or .json',
    });
  const link = files.find((file) => file.link !== undefined);
  if (link !== undefined)
    throw new GitOpsError('InvalidPolicy', `${link.path} is a link; a policy that nobody reads forbids nothing`, {
      hint: 'put a file in its place and commit again',
    });
  return { texts: files.map(({ path, bytes }) => ({ file: path, text: textOf(path, bytes) })), inline };
}
