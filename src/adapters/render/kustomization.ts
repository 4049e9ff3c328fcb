/**
 * Kustomization files as far as we look into them: which folders they reach, and what of them would leave the
 * repository (remote bases, helm, absolute paths). kustomize itself does everything else.
 */
import { GitOpsError } from '../../domain/errors.js';
import { inRepository, kustomizationNames } from '../../domain/render-options.js';
import { failed, parseKubernetesYaml } from '../manifests/kubernetes-yaml.js';

/** Fields whose entries may be folders with a kustomization of their own. */
const folderFields = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'] as const;

/** Fields whose texts name files. */
const fileFields = [
  'crds',
  'configurations',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'openapi',
  'configMapGenerator',
  'secretGenerator',
] as const;

const helmFields = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'] as const;

/** Keys below those fields whose values are paths; what else stands there is content. */
const pathKeys: ReadonlySet<string> = new Set(['path', 'files', 'envs', 'env']);

export interface KustomizationFile {
  readonly path: string;
  readonly text: string;
}

export interface Mention {
  /** As it is written. */
  readonly text: string;
  /** `file:line` */
  readonly where: string;
}

interface Kustomization {
  readonly folders: readonly Mention[];
  readonly files: readonly Mention[];
  readonly helm: readonly Mention[];
}

/** @throws GitOpsError RenderFailed when it is no YAML, or no map */
export function readKustomization({ path, text }: KustomizationFile): Kustomization {
  const [document] = parseKubernetesYaml(text, path);
  const value = document?.value ?? {};
  const at = document?.at ?? (() => path);
  if (typeof value !== 'object' || Array.isArray(value))
    throw failed(document?.source ?? path, 'the kustomization is no map', 'it starts with resources: or another field');
  const fields = value as Readonly<Record<string, unknown>>;
  return {
    folders: folderFields.flatMap((field) => texts(fields[field], [field], at, true)),
    files: fileFields.flatMap((field) => texts(fields[field], [field], at, field !== 'patchesStrategicMerge')),
    helm: helmFields.filter((field) => fields[field]).map((field) => ({ text: field, where: at([field]) })),
  };
}

/** Texts of a list, and those under keys that name paths. `name=path` of a generator is the path. */
function texts(
  value: unknown,
  field: readonly (string | number)[],
  at: (field: readonly (string | number)[]) => string,
  taken: boolean,
): Mention[] {
  if (typeof value === 'string')
    return taken && !value.includes('\n') ? [{ text: pathIn(value), where: at(field) }] : [];
  if (Array.isArray(value)) return value.flatMap((entry, i) => texts(entry, [...field, i], at, taken));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => texts(entry, [...field, key], at, pathKeys.has(key)));
}

function pathIn(text: string): string {
  return isRemote(text) ? text : text.slice(text.indexOf('=') + 1);
}

/** As kustomize tells a repository or an address from a path. */
export function isRemote(text: string): boolean {
  return (
    /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ||
    /^git::/.test(text) ||
    /^[\w.-]+@[\w.-]+[:/]/.test(text) ||
    /^(github\.com|gitlab\.com|bitbucket\.org|dev\.azure\.com)[/:]/i.test(text) ||
    /[?&](ref|version|submodules|timeout)=/.test(text) ||
    /\.git\/\//.test(text)
  );
}

/** What is read of the source: the kustomization of a folder, undefined when it has none. */
export type LookForKustomization = (folder: string) => Promise<KustomizationFile | undefined>;

/**
 * The folders with a kustomization that one in `start` builds on, itself among them, in the order they are found. What
 * cannot be read or followed is left for kustomize to complain of.
 */
export async function reachedFolders(start: string, look: LookForKustomization): Promise<string[]> {
  const reached = new Set<string>();
  const open = [start];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (reached.has(folder) || reached.size >= mostFolders) continue;
    const file = await look(folder);
    if (file === undefined) continue;
    reached.add(folder);
    open.push(...localFolders(folder, file));
  }
  return [...reached];
}

/** A repository that means well has fewer. */
const mostFolders = 1000;

function localFolders(folder: string, file: KustomizationFile): string[] {
  try {
    const paths = readKustomization(file).folders.filter(({ text }) => !isRemote(text));
    return paths.flatMap(({ text }) => inRepository(folder, text) ?? []);
  } catch {
    return [];
  }
}

/** @throws GitOpsError RenderFailed, NotAllowed: what would need the network, helm or a place outside the repository */
export function checkKustomization(folder: string, file: KustomizationFile): void {
  const { folders, files, helm } = readKustomization(file);
  for (const { text, where } of helm)
    throw new GitOpsError('NotAllowed', `${where}: ${text} would run helm inside kustomize, which is off`, {
      hint: 'commit the rendered chart, or make the chart a source of its own with repos',
    });
  for (const { text, where } of [...folders, ...files]) {
    if (isRemote(text))
      throw new GitOpsError('NotAllowed', `${where}: ${text} lies elsewhere; rendering has no network`, {
        hint: 'copy it into this repository and refer to it by its path',
      });
    if (inRepository(folder, text) === undefined)
      throw failed(where, `${text} lies outside the repository`, 'refer to files and folders of this repository');
  }
}

export function kustomizationIn(names: readonly string[]): string | undefined {
  return kustomizationNames.find((name) => names.includes(name));
}
