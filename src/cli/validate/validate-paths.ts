/**
 * All that can be said of files without a server and without a cluster.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  renderComposed,
  renderFile,
  twinsOf,
  type LocalManifests,
  type Twin,
} from '../../adapters/manifests/local-manifests.js';
import { policyDocuments, readPolicyTexts } from '../../adapters/policy/policy-documents.js';
import { loadConfig, type Config } from '../../config/config.js';
import { loadGovernance } from '../../config/governance.js';
import { GitOpsError } from '../../domain/errors.js';
import { referenceOf, shortName } from '../../domain/object.js';
import { compilePolicies, isPolicyKind } from '../../domain/policy/compile.js';
import type { Policy } from '../../domain/policy/policy.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import { describeFinding, type Finding } from '../../domain/validation/finding.js';
import { findingOfError, Lines, placeIn } from './finding-of.js';
import { checkManifests } from './manifests.js';
import { checkScripts } from './scripts.js';
import { sortFiles } from './sort-files.js';

export interface Validation {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly scripts: number;
  /** Charts and kustomizations. */
  readonly folders: number;
  readonly objects: number;
  readonly unknownKinds: number;
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
  const plain = manifests.map(renderFile);
  const rendered = await Promise.all(composed.map(renderComposed));
  const written = plain.flatMap((file) => file.objects);
  const objects = [...written, ...rendered.flatMap((folder) => folder.objects)];
  const policyFiles = [...new Set(written.filter(({ object }) => isPolicyKind(object)).map(fileOf))];
  const applied = objects.filter(({ object }) => !object.apiVersion.startsWith('sloth-runner.dev/'));
  const checked = checkManifests(applied, [...operator, ...given.policies], new Lines());
  const findings = [
    ...(await checkScripts(scripts)),
    ...configurations.flatMap(checkConfiguration),
    ...given.findings,
    ...checkPolicyFiles(policyFiles),
    ...plain.flatMap(failuresIn(manifests)),
    ...rendered.flatMap(failuresIn(composed)),
    ...twinsOf(written).map(findingOfTwin),
    ...checked.findings,
  ];
  return {
    findings: sorted(distinct(findings)),
    scripts: scripts.length,
    files: scripts.length + configurations.length + manifests.length,
    folders: composed.length,
    objects: objects.length,
    unknownKinds: checked.unknownKinds,
  };
}

function failuresIn(paths: readonly string[]): (manifests: LocalManifests, index: number) => Finding[] {
  return ({ failures }, i) => failures.map((failure) => findingOfError(failure, paths[i] ?? ''));
}

/** What several overlays build on is wrong once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [describeFinding(finding), finding])).values()];
}

/** In two folders they may be of two applications, as in a folder for each environment. */
function findingOfTwin({ first, second }: Twin): Finding {
  const apart = dirname(fileOf(first)) !== dirname(fileOf(second));
  const hint = apart ? { hint: 'an error when one application has both' } : {};
  return {
    severity: apart ? 'warning' : 'error',
    file: fileOf(second),
    ...lineOf(second),
    resource: shortName(referenceOf(second.object)),
    message: `is defined in ${first.source} already`,
    ...hint,
  };
}

function lineOf({ source = '' }: RenderedObject): Pick<Finding, 'line'> {
  const { line } = placeIn(source);
  return line === undefined ? {} : { line };
}

function fileOf({ source = '' }: RenderedObject): string {
  return placeIn(source).file;
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

function expected(error: unknown): GitOpsError {
  if (error instanceof GitOpsError) return error;
  throw error;
}

function sorted(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
