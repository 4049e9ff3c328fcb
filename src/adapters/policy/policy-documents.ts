/**
 * Policy files as documents: from their text, or from a file or folder of this machine.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GitOpsError, hasCode } from '../../domain/errors.js';
import type { PolicyDocument } from '../../domain/policy/document.js';
import type { PolicyOrigin } from '../../domain/policy/policy.js';
import { parseKubernetesYaml } from '../manifests/kubernetes-yaml.js';

export interface PolicyText {
  /** As people know the file. */
  readonly file: string;
  readonly text: string;
}

const policyFile = /\.(ya?ml|json)$/i;

/** @throws GitOpsError InvalidPolicy with file:line */
export function policyDocuments({ file, text }: PolicyText, origin: PolicyOrigin): PolicyDocument[] {
  return located(text, file)
    .filter(({ value }) => value !== null && value !== undefined)
    .map(({ value, at }) => ({ value, at, origin }));
}

function located(text: string, file: string) {
  try {
    return parseKubernetesYaml(text, file);
  } catch (error) {
    if (!hasCode(error, 'RenderFailed')) throw error;
    throw new GitOpsError('InvalidPolicy', (error as Error).message, { hint: 'mend the policy file' });
  }
}

/** A file, or all of a folder and of those in it, in the order of their paths. @throws GitOpsError InvalidPolicy */
export function readPolicyTexts(path: string): PolicyText[] {
  return filesOf(path).map((file) => ({ file, text: attempt(file, () => readFileSync(file, 'utf8')) }));
}

function filesOf(path: string): string[] {
  if (!attempt(path, () => statSync(path)).isDirectory()) return [path];
  const names = attempt(path, () => readdirSync(path, { recursive: true, encoding: 'utf8' }));
  const wanted = names.filter((name) => policyFile.test(name) && !name.split('/').some((part) => part.startsWith('.')));
  return wanted.sort().map((name) => join(path, name));
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? 'there is no such file or folder' : (error as Error).message;
    throw new GitOpsError('InvalidPolicy', `cannot read the policies ${path}: ${why}`, { cause: error });
  }
}
