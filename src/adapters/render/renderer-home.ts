/**
 * The whole environment of a renderer: folders that are empty and go with the run, and no program on its PATH.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const folders = {
  PATH: 'bin',
  HOME: 'home',
  TMPDIR: 'tmp',
  HELM_CACHE_HOME: 'helm/cache',
  HELM_CONFIG_HOME: 'helm/config',
  HELM_DATA_HOME: 'helm/data',
  HELM_PLUGINS: 'helm/plugins',
  KUSTOMIZE_PLUGIN_HOME: 'kustomize/plugins',
} as const;

/** @param own a folder of this run alone */
export async function rendererHome(own: string): Promise<Record<string, string>> {
  const paths = Object.entries(folders).map(([name, folder]) => [name, join(own, folder)] as const);
  await Promise.all(paths.map(([, path]) => mkdir(path, { recursive: true, mode: 0o700 })));
  return { ...Object.fromEntries(paths), LC_ALL: 'C', KUBECONFIG: join(own, 'no-kubeconfig') };
}
