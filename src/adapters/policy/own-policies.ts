/**
 * The policies an application brings: the files of a folder of its archive, and what its declaration says.
 */
import type { OwnPolicies } from '../../domain/application.js';
import { GitOpsError } from '../../domain/errors.js';
import { readArchive } from '../manifests/archive.js';
import type { PolicyText } from './policy-documents.js';

const policyFile = /\.(ya?ml|json)$/i;

/**
 * @param path of the application inside its repository, for messages
 * @throws GitOpsError InvalidPolicy when the folder holds none
 */
export async function readOwnPolicies(
  tar: Uint8Array,
  path: string,
  { folder, inline = [] }: OwnPolicies,
): Promise<{ texts: PolicyText[]; inline: readonly unknown[] }> {
  if (folder === undefined) return { texts: [], inline };
  const files = await readArchive(tar, (file) => file.startsWith(`${folder}/`) && policyFile.test(file));
  const place = path === '.' ? folder : `${path}/${folder}`;
  if (files.length === 0)
    throw new GitOpsError('InvalidPolicy', `policies: the folder ${place} holds no policy files`, {
      hint: 'policies names a folder inside path; its files end in .yaml, .yml or .json',
    });
  const prefix = path === '.' ? '' : `${path}/`;
  return { texts: files.map(({ path: file, text }) => ({ file: prefix + file, text })), inline };
}
