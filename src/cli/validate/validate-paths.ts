/**
 * All that can be said of files without a server and without a cluster.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderFile, twinsOf, type Twin } from '../../adapters/manifests/local-manifests.js';
import { policyDocuments, readPolicyTexts } from '../../adapters/policy/policy-documents.js';
import { loadConfig, type Config } from '../../config/config.js';
import { loadGovernance } from '../../config/governance.js';
import { GitOpsError } from '../../domain/errors.js';
import { referenceOf, shortName } from '../../domain/object.js';
import { compilePolicies, isPolicyKind } from '../../domain/policy/compile.js';
import type { Policy } from '../../domain/policy/policy.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import type { Finding } from '../../domain/validation/finding.js';
import { readScript } from '../script-source.js';
import { makePlan } from '../show-plan.js';
import { findingOfError, Lines } from './finding-of.js';
import { checkManifests } from './manifests.js';
import { sortFiles } from './sort-files.js';

export interface Validation {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly objects: number;
  readonly unknownKinds: number;
  /** Folders that were not looked at. */
  readonly skipped: readonly string[];
}

/** @param policyPaths files and folders of policies for the manifests, in addition to the operator's */
export async function validatePaths(
  paths: readonly string[],
  policyPaths: readonly string[],
  config: Config,
): Promise<Validation> {
  const { scripts, configurations, manifests, composed } = sortFiles(paths);
  const operator = loadGovernance(config).policies;
  const given = policiesFrom(policyPaths);
  const rendered = await Promise.all(manifests.map(renderFile));
  const objects = rendered.flatMap((file) => file.objects);
  const policyFiles = [...new Set(objects.filter(({ object }) => isPolicyKind(object)).map(fileOf))];
  const applied = objects.filter(({ object }) => !object.apiVersion.startsWith('sloth-runner.dev/'));
  const checked = checkManifests(applied, [...operator, ...given.policies], new Lines());
  const findings = [
    ...(await Promise.all(scripts.map((file) => checkScript(file, config)))).flat(),
    ...configurations.flatMap(checkConfiguration),
    ...given.findings,
    ...checkPolicyFiles(policyFiles),
    ...rendered.flatMap(({ failures }, i) => failures.map((failure) => findingOfError(failure, manifests[i] ?? ''))),
    ...twinsOf(objects).map(findingOfTwin),
    ...checked.findings,
  ];
  return {
    findings: sorted(findings),
    files: scripts.length + configurations.length + manifests.length,
    objects: objects.length,
    unknownKinds: checked.unknownKinds,
    skipped: composed,
  };
}

/** In two folders they may be of two applications, as in a folder for each environment. */
function findingOfTwin({ first, second }: Twin): Finding {
  const apart = dirname(fileOf(first)) !== dirname(fileOf(second));
  const hint = apart ? { hint: 'an error when one application has both' } : {};
  return {
    severity: apart ? 'warning' : 'error',
    file: fileOf(second),
    line: Number(second.source?.split(':').at(-1)),
    resource: shortName(referenceOf(second.object)),
    message: `is defined in ${first.source} already`,
    ...hint,
  };
}

function fileOf({ source = '' }: RenderedObject): string {
  return source.slice(0, source.lastIndexOf(':'));
}

function policiesFrom(paths: readonly string[]): { policies: Policy[]; findings: Finding[] } {
  try {
    const documents = paths.flatMap(readPolicyTexts).flatMap((text) => policyDocuments(text, 'operator'));
    return { policies: compilePolicies(documents), findings: [] };
  } catch (error) {
    return { policies: [], findings: [findingOfError(expected(error), paths[0] ?? '')] };
  }
}

/** Policies among the files belong together: a binding may be in one, its policy in another. */
function checkPolicyFiles(files: readonly string[]): Finding[] {
  return attempt(files[0] ?? '', () => {
    const texts = files.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
    const documents = texts.flatMap((text) => policyDocuments(text, 'operator'));
    const parameters = documents.filter(({ value }) => (value as { kind?: unknown })?.kind === 'ConfigMap');
    const policies = documents.filter(({ value }) => isPolicyKind(value as never));
    compilePolicies([...policies, ...parameters]);
  });
}

function checkConfiguration(file: string): Finding[] {
  return attempt(file, () => loadGovernance(loadConfig({ env: { ...process.env, SLOTH_CONFIG: file } })));
}

function attempt(file: string, run: () => unknown): Finding[] {
  try {
    run();
    return [];
  } catch (error) {
    return [findingOfError(expected(error), file)];
  }
}

/** The script is run as `plan` does, with nothing behind it. */
async function checkScript(file: string, config: Config): Promise<Finding[]> {
  try {
    const { end, warnings } = await makePlan(readScript(undefined, { file, var: {}, param: {} }), config);
    const failed = end.status === 'failed' ? [`ends with an error: ${end.message ?? 'no reason given'}`] : [];
    return [...failed, ...warnings].map((message) => ({ severity: 'warning', file, message }));
  } catch (error) {
    return [{ ...findingOfError(expected(error), file), file }]; // the script knows its base name alone
  }
}

function expected(error: unknown): GitOpsError {
  if (error instanceof GitOpsError) return error;
  throw error;
}

function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0));
}
