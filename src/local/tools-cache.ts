import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GitOpsError } from '../domain/errors.js';

/** A set of tools that `tools/install.sh` installs together. */
export type ToolSet = 'kubernetes' | 'temporal' | 'kubectl' | 's3' | 'hadolint';

interface ToolRule {
  readonly set: ToolSet;
  /** Taken from PATH when it is there. Control plane parts are not: their versions must fit each other. */
  readonly onPath: boolean;
}

const part: ToolRule = { set: 'kubernetes', onPath: false };
const command = (set: ToolSet): ToolRule => ({ set, onPath: true });

const rules = {
  etcd: part,
  'kube-apiserver': part,
  'kube-controller-manager': part,
  'kube-scheduler': part,
  kwok: part,
  'kwok-stages': part,
  'local-certificates': part,
  temporal: command('temporal'),
  'temporal-test-server': command('temporal'),
  kubectl: command('kubectl'),
  helm: command('kubectl'),
  /** A program of its own on PATH only: the set has it inside kubectl. */
  kustomize: command('kubectl'),
  /** An S3 server, for tests alone. */
  versitygw: command('s3'),
  /** The linter of container files, for tests alone. */
  hadolint: command('hadolint'),
} as const satisfies Record<string, ToolRule>;

/** A program (or, for `kwok-stages`, a folder) that `findTool` can find. */
export type ToolName = keyof typeof rules;

/** The folder with tools/install.sh; the same two levels up from src/local and from dist/local. */
export const toolsFolder = fileURLToPath(new URL('../../tools/', import.meta.url));

/** Where installed tools live: `SLOTH_TOOLS`, else `sloth-runner/tools` under the user's cache folder. */
export function toolsCache(env: NodeJS.ProcessEnv = process.env): string {
  return env['SLOTH_TOOLS'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'sloth-runner', 'tools');
}

/**
 * Path of a tool. Control plane parts: KUBEBUILDER_ASSETS, else the tools cache; everything else: PATH, else the cache.
 * Installs nothing. Throws `ToolMissing` with the command that installs it.
 */
export function findTool(name: ToolName, env: NodeJS.ProcessEnv = process.env): string {
  const found = searchFolders(name, env).find((folder) => isUsable(join(folder, name)));
  if (found !== undefined) return join(found, name);
  const places = [rules[name].onPath ? 'on PATH' : 'in KUBEBUILDER_ASSETS', `in ${join(toolsCache(env), 'bin')}`];
  throw new GitOpsError('ToolMissing', `${name} was found neither ${places.join(' nor ')}`, {
    hint: `run ${join(toolsFolder, 'install.sh')} ${rules[name].set}`,
  });
}

/**
 * Like `findTool`, but runs `tools/install.sh` for the tool's set when it is missing: seconds for temporal, kubectl and
 * helm, six to eight minutes for a control plane part. Throws `ToolMissing` with the installer's last lines.
 */
export async function findOrInstallTool(name: ToolName, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  try {
    return findTool(name, env);
  } catch {
    await install(rules[name].set, env);
    return findTool(name, env);
  }
}

function searchFolders(name: ToolName, env: NodeJS.ProcessEnv): readonly string[] {
  const cache = join(toolsCache(env), 'bin');
  if (rules[name].onPath) return [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), cache];
  return [...kubebuilderAssets(name, env), cache];
}

/**
 * envtest's folder holds etcd and kube-apiserver only. An API server older than the controller manager beside it is
 * unsupported, so its kube-* parts count only when all three are there.
 */
function kubebuilderAssets(name: ToolName, env: NodeJS.ProcessEnv): readonly string[] {
  const assets = env['KUBEBUILDER_ASSETS'];
  if (!assets) return [];
  const kubernetes: readonly string[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  const complete = kubernetes.every((tool) => isUsable(join(assets, tool)));
  return complete || !kubernetes.includes(name) ? [assets] : [];
}

function isUsable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(set: ToolSet, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await promisify(execFile)(join(toolsFolder, 'install.sh'), [set], { env });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').slice(-5).join('\n');
    throw new GitOpsError('ToolMissing', `tools/install.sh ${set} failed: ${said || String(cause)}`, {
      hint: `run ${join(toolsFolder, 'install.sh')} ${set} to see all of it, or put the tool on PATH`,
      cause,
    });
  }
}
