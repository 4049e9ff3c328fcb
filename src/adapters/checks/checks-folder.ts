/**
 * A folder of scripts, read whole: `<group>/<Kind>/health.lua` and `<Kind>/health.lua`, and beside them `actions/`: a
 * `discovery.lua` and `<name>/action.lua`. What else lies there (fixtures, tests) is not looked at.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import type { FolderActions } from '../../domain/actions/folder-actions.js';
import type { FolderScript } from '../../domain/health/check-scripts.js';

const scriptName = 'health.lua';

/** @throws GitOpsError InvalidInput when the folder cannot be read, or holds no script at all */
export function readChecksFolder(root: string): FolderScript[] {
  const folders = kindFolders(root);
  const scripts = folders.flatMap((folder) => scriptAt(root, folder, `${folder}/${scriptName}`));
  if (scripts.length > 0 || folders.some((folder) => existsSync(join(root, folder, 'actions')))) return scripts;
  throw new GitOpsError('InvalidInput', `${root} holds no health script`, {
    hint: 'scripts lie at <group>/<Kind>/health.lua below the folder, those of core kinds at <Kind>/health.lua',
  });
}

/** @throws GitOpsError InvalidInput when the folder cannot be read */
export function readActionsFolder(root: string): FolderActions[] {
  return kindFolders(root).flatMap((folder) => actionsIn(root, folder));
}

function actionsIn(root: string, folder: string): FolderActions[] {
  const below = `${folder}/actions`;
  if (!existsSync(join(root, below))) return [];
  const [discovery] = scriptAt(root, folder, `${below}/discovery.lua`);
  const actions = foldersIn(join(root, below)).flatMap((name) =>
    scriptAt(root, folder, `${below}/${name}/action.lua`).map((script) => [name, script] as const),
  );
  return [{ folder, ...(discovery === undefined ? {} : { discovery }), actions: new Map(actions) }];
}

function kindFolders(root: string): string[] {
  return foldersIn(root).flatMap((first) => [
    first,
    ...foldersIn(join(root, first)).map((second) => `${first}/${second}`),
  ]);
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.filter((e) => e.isDirectory() || e.isSymbolicLink()).flatMap((e) => (skipped(e.name) ? [] : e.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw unreadable(path, error);
  }
}

/** Folders beside the scripts of a kind, which hold none themselves. */
function skipped(name: string): boolean {
  return name.startsWith('.') || name === 'testdata' || name === 'actions';
}

function scriptAt(root: string, folder: string, path: string): FolderScript[] {
  const file = join(root, path);
  if (!existsSync(file)) return [];
  try {
    return [{ folder, path, source: readFileSync(file, 'utf8') }];
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(path: string, error: unknown): GitOpsError {
  return new GitOpsError('InvalidInput', `cannot read health scripts of ${path}: ${(error as Error).message}`, {
    hint: 'name the folder that holds the <group>/<Kind> folders',
    cause: error,
  });
}
