/**
 * A folder with a kustomization, built by the real kustomize: without plugins, functions, helm and network, and with
 * files of the kustomization's own folders only.
 */
import { join } from 'node:path';
import type { KubernetesObject } from '../../domain/object.js';
import { inRepository } from '../../domain/render-options.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import type { Variables } from '../../domain/variables.js';
import { failed } from '../manifests/kubernetes-yaml.js';
import { textOf } from '../manifests/plain-manifests.js';
import { checkKustomization, kustomizationIn, reachedFolders, type KustomizationFile } from './kustomization.js';
import { kustomizeFailure } from './kustomize-failure.js';
import { rendererHome } from './renderer-home.js';
import { objectsOfRendered, type RenderedPiece } from './rendered-text.js';
import { runRenderer } from './run-renderer.js';
import { namesIn, type SourceFiles } from './source-files.js';
import { withWorkFolder } from './work-folder.js';

export interface KustomizeRequest {
  readonly source: SourceFiles;
  readonly variables?: Variables | undefined;
  /** Program and first arguments. */
  readonly command: readonly string[];
  readonly signal: AbortSignal;
}

/** @throws GitOpsError RenderFailed, DuplicateObject, NotAllowed; each names the file, and the line where it is known */
export async function renderKustomize(request: KustomizeRequest): Promise<RenderedObject[]> {
  const { source, variables } = request;
  const kustomizations = await checked(source);
  const [own] = kustomizations;
  if (own === undefined)
    throw failed(
      source.folder,
      'the folder holds no kustomization.yaml',
      'give the path of one, or another render.type',
    );
  const traced = withOrigins(own);
  const text = await build(request, traced, kustomizations);
  const originOf = (piece: RenderedPiece): string => originIn(piece.text, source.folder) ?? own.path;
  const objects = await objectsOfRendered({ text, originOf, files: source.files, variables });
  return traced === undefined ? objects : objects.map(withoutOrigin);
}

/** All kustomizations that take part, the source's own first. */
async function checked(source: SourceFiles): Promise<KustomizationFile[]> {
  const files: KustomizationFile[] = [];
  await reachedFolders(source.folder, async (folder) => {
    const file = kustomizationOf(source, folder);
    if (file === undefined) return undefined;
    checkKustomization(folder, file);
    files.push(file);
    return file;
  });
  return files;
}

function kustomizationOf(source: SourceFiles, folder: string): KustomizationFile | undefined {
  const name = kustomizationIn(namesIn(source, folder));
  const path = folder === '.' ? name : `${folder}/${name}`;
  const file = name === undefined ? undefined : source.files.find((one) => one.path === path);
  return file === undefined ? undefined : { path: file.path, text: textOf(file.path, file.bytes) };
}

async function build(
  { source, command, signal }: KustomizeRequest,
  traced: KustomizationFile | undefined,
  kustomizations: readonly KustomizationFile[],
): Promise<string> {
  const files = source.files.map((file) =>
    file.path === traced?.path ? { ...file, bytes: Buffer.from(traced.text) } : file,
  );
  return withWorkFolder(files, async ({ root, own }) => {
    const folder = join(root, source.folder);
    const { exitCode, stdout, stderr } = await runRenderer({
      name: 'kustomize',
      command: [...command, folder, '--load-restrictor', 'LoadRestrictionsRootOnly'],
      folder,
      env: await rendererHome(own),
      signal,
    });
    if (exitCode === 0) return stdout;
    throw kustomizeFailure(stderr, { root, source, kustomizations });
  });
}

// Where an object comes from: kustomize tells when it is asked to, in an annotation that we take off again.

const originAnnotation = 'config.kubernetes.io/origin';

/** Undefined when the kustomization cannot be added to, or has wishes of its own. */
function withOrigins({ path, text }: KustomizationFile): KustomizationFile | undefined {
  const simple = /^[A-Za-z]\w*:/m.test(text) && !/^(\.\.\.|---|[{[%])/m.test(text.replace(/^---[^\n]*\n/, ''));
  if (!simple || /^buildMetadata\s*:/m.test(text)) return undefined;
  return { path, text: `${text.replace(/\n*$/, '\n')}buildMetadata:\n- originAnnotations\n` };
}

/** The file an object was read or generated from, as the annotation names it. */
function originIn(text: string, folder: string): string | undefined {
  const [, path] = /^ +config\.kubernetes\.io\/origin: \|\n +(?:path|configuredIn): (\S+)$/m.exec(text) ?? [];
  return path === undefined ? undefined : inRepository(folder, path);
}

function withoutOrigin(rendered: RenderedObject): RenderedObject {
  const { [originAnnotation]: origin, ...annotations } = rendered.object.metadata.annotations ?? {};
  if (origin === undefined) return rendered;
  const { annotations: _all, ...metadata } = rendered.object.metadata;
  const kept = Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
  return { ...rendered, object: { ...rendered.object, metadata: kept as KubernetesObject['metadata'] } };
}
