/**
 * What we look at of a chart before helm does: links, and dependencies that nobody vendored. Fetching them would need
 * the network, and would make of one commit another set tomorrow.
 */
import { GitOpsError } from '../../domain/errors.js';
import { chartName, inRepository } from '../../domain/render-options.js';
import { failed, parseKubernetesYaml } from '../manifests/kubernetes-yaml.js';
import { textOf } from '../manifests/plain-manifests.js';
import { filesWithin, type SourceFile, type SourceFiles } from './source-files.js';

export interface Chart {
  /** As the templates' names begin. */
  readonly name: string;
  readonly files: readonly SourceFile[];
}

/** @throws GitOpsError RenderFailed */
export function checkChart(source: SourceFiles): Chart {
  const files = filesWithin(source, source.folder);
  const link = files.find((file) => file.link !== undefined);
  if (link !== undefined)
    throw failed(link.path, 'a chart must not hold links', 'put a file in its place and commit again');
  const { name } = declared(source, chartName);
  checkDependencies(source, chartName);
  checkDependencies(source, 'requirements.yaml');
  return { name: typeof name === 'string' ? name : '', files };
}

function declared(source: SourceFiles, fileName: string): Readonly<Record<string, unknown>> {
  const file = fileOf(source, fileName);
  if (file === undefined && fileName !== chartName) return {};
  if (file === undefined)
    throw failed(source.folder, `the folder holds no ${chartName}`, 'give the path of a chart, or another render.type');
  const [document] = parseKubernetesYaml(textOf(file.path, file.bytes), file.path);
  const value = document?.value;
  if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  throw failed(file.path, `${fileName} is no map`);
}

function checkDependencies(source: SourceFiles, fileName: string): void {
  const { dependencies } = declared(source, fileName);
  if (!Array.isArray(dependencies)) return;
  const vendored = vendoredCharts(source);
  dependencies.forEach((dependency: { readonly name?: unknown; readonly alias?: unknown } | null, i) => {
    const name = String(dependency?.name ?? '');
    if (vendored.some((chart) => chart === name || chart.startsWith(`${name}-`))) return;
    throw new GitOpsError(
      'RenderFailed',
      `${lineOf(source, fileName, ['dependencies', i])}: the dependency ${name} is not in charts/`,
      { hint: 'run helm dependency update, and commit the charts/ folder with it: rendering has no network' },
    );
  });
}

function lineOf(source: SourceFiles, fileName: string, field: readonly (string | number)[]): string {
  const file = fileOf(source, fileName);
  const [document] = file === undefined ? [] : parseKubernetesYaml(file.bytes.toString('utf8'), file.path);
  return document?.at(field) ?? fileName;
}

/** Folders, names and packages in `charts/`. */
function vendoredCharts(source: SourceFiles): string[] {
  const charts = inRepository(source.folder, 'charts') ?? 'charts';
  return filesWithin(source, charts).flatMap(({ path, bytes }) => {
    const [folder = '', file] = path.slice(charts.length + 1).split('/');
    if (file === undefined) return folder.endsWith('.tgz') ? [folder.slice(0, -'.tgz'.length)] : [];
    const [, name] = (file === chartName && /^name:[ \t]*["']?([\w.-]+)/m.exec(bytes.toString('utf8'))) || [];
    return name === undefined ? [] : [folder, name];
  });
}

function fileOf({ files, folder }: SourceFiles, name: string): SourceFile | undefined {
  const path = inRepository(folder, name);
  return files.find((file) => file.path === path);
}

/** Templates are called after the chart, not after its folder. */
export function templatePath(path: string, chart: string, folder: string): string {
  const inside = path.startsWith(`${chart}/`) ? path.slice(chart.length + 1) : path;
  return inRepository(folder, inside) ?? inside;
}
