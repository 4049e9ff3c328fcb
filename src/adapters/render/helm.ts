/**
 * A chart, templated by the real helm: never a release. No plugins, no post-renderer, no repositories, no network; what
 * the cluster can do is told to it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import { inRepository, type HelmOptions } from '../../domain/render-options.js';
import type { RenderedObject } from '../../domain/rendered-set.js';
import type { Variables } from '../../domain/variables.js';
import { failed } from '../manifests/kubernetes-yaml.js';
import { checkChart, templatePath, type Chart } from './helm-chart.js';
import { helmFailure } from './helm-failure.js';
import { objectsOfRendered, type RenderedPiece } from './rendered-text.js';
import { rendererHome } from './renderer-home.js';
import { runRenderer } from './run-renderer.js';
import type { SourceFiles } from './source-files.js';
import { withWorkFolder } from './work-folder.js';

/** What a chart may ask about the cluster. */
export interface ClusterFacts {
  /** `v1.36.3` */
  readonly kubeVersion?: string;
  /** `apps/v1` and `apps/v1/Deployment` */
  readonly apiVersions?: readonly string[];
}

export interface HelmRequest {
  readonly source: SourceFiles;
  readonly options: HelmOptions;
  /** When the options name none. */
  readonly releaseName: string;
  readonly namespace?: string | undefined;
  readonly cluster: ClusterFacts;
  readonly variables?: Variables | undefined;
  /** Further values, which beat the files of the options: name and content. */
  readonly extraValues?: readonly ValuesFile[];
  readonly command: readonly string[];
  readonly signal: AbortSignal;
}

export interface ValuesFile {
  /** For messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** @throws GitOpsError RenderFailed; it names the template or values file, and the line where it is known */
export async function renderHelm(request: HelmRequest): Promise<RenderedObject[]> {
  const { source, variables } = request;
  const chart = checkChart(source);
  const text = await template(request, chart, valuesOf(request));
  const originOf = (piece: RenderedPiece): string => templateOf(piece, chart, source);
  return objectsOfRendered({ text, originOf, files: chart.files, variables });
}

/** In rising precedence. */
function valuesOf({ source, options, extraValues = [] }: HelmRequest): ValuesFile[] {
  const files = (options.valuesFiles ?? []).map((name) => valuesFile(source, name));
  const inline = options.values === undefined ? [] : [inlineValues(options.values)];
  return [...files, ...extraValues, ...inline];
}

function valuesFile(source: SourceFiles, name: string): ValuesFile {
  const path = inRepository(source.folder, name);
  if (path === undefined)
    throw failed(source.folder, `the values file ${name} lies outside the repository`, 'copy it into the repository');
  const file = source.files.find((one) => one.path === path);
  if (file === undefined)
    throw failed(path, 'there is no such values file', 'paths of values files are relative to the chart');
  if (file.link !== undefined) throw failed(path, 'the values file is a link', 'put a file in its place');
  return file;
}

function inlineValues(values: object): ValuesFile {
  return { path: 'render.helm.values', bytes: Buffer.from(JSON.stringify(values)) };
}

async function template(request: HelmRequest, chart: Chart, values: readonly ValuesFile[]): Promise<string> {
  const { source, command, signal } = request;
  return withWorkFolder(chart.files, async ({ root, own }) => {
    const paths = await Promise.all(values.map(({ bytes }, i) => write(join(own, `values-${i}.yaml`), bytes)));
    const folder = join(root, source.folder);
    const { exitCode, stdout, stderr } = await runRenderer({
      name: 'helm',
      command: [...command, 'template', releaseName(request), folder, ...argumentsOf(request, paths)],
      folder: own,
      env: await rendererHome(own),
      signal,
    });
    if (exitCode === 0) return stdout;
    throw helmFailure(stderr, { root, source, chart, values: paths.map((path, i) => [path, values[i]?.path ?? path]) });
  });
}

async function write(path: string, bytes: Uint8Array): Promise<string> {
  await writeFile(path, bytes, { mode: 0o600 });
  return path;
}

/** https://helm.sh/docs/chart_template_guide names 53 characters of a DNS name. */
function releaseName({ options, releaseName: fallback }: HelmRequest): string {
  const name = options.releaseName ?? fallback;
  if (name.length <= 53 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)) return name;
  throw new GitOpsError('InvalidConfig', `'${name}' cannot be the name of a helm release`, {
    hint: 'say render.helm.release_name: at most 53 lower-case letters, digits, - and .',
  });
}

function argumentsOf({ options, namespace, cluster }: HelmRequest, values: readonly string[]): string[] {
  const kubeVersion = options.kubeVersion ?? cluster.kubeVersion;
  const apiVersions = options.apiVersions ?? cluster.apiVersions ?? [];
  return [
    ...flag('--namespace', options.namespace ?? namespace),
    ...flag('--kube-version', kubeVersion),
    ...apiVersions.map((version) => `--api-versions=${version}`),
    options.skipCrds === true ? '--skip-crds' : '--include-crds',
    ...(options.skipTests === false ? [] : ['--skip-tests']),
    ...(options.skipSchemaValidation === true ? ['--skip-schema-validation'] : []),
    ...values.map((path) => `--values=${path}`),
    ...Object.entries(options.parameters ?? {}).map(parameter),
  ];
}

function flag(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

/** As JSON, so that a text stays text and a comma stays a comma. */
function parameter([path, value]: readonly [string, unknown]): string {
  if (/^[^\s=,{}]+$/.test(path)) return `--set-json=${path}=${JSON.stringify(value)}`;
  throw new GitOpsError('InvalidConfig', `'${path}' is no path of a value (render.helm.parameters)`, {
    hint: 'write it as image.tag or list[0].name',
  });
}

/** `# Source: chart/templates/web.yaml`, the first line of every piece. */
function templateOf({ text }: RenderedPiece, { name }: Chart, { folder }: SourceFiles): string {
  const [, path] = /^# Source: (\S+)/m.exec(text) ?? [];
  if (path === undefined) return folder;
  return templatePath(path, name, folder);
}
