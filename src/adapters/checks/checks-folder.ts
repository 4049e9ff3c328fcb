/**
 * A folder of health scripts, read whole: `<group>/<Kind>/health.lua` and `<Kind>/health.lua`. What else lies there
 * (fixtures, tests, actions) is not looked at.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import type { FolderScript } from '../../domain/health/check-scripts.js';

const scriptName = 'health.lua';

/** @throws GitOpsError InvalidInput when the folder cannot be read, or holds no script */
export function readChecksFolder(root: string): FolderScript[] {
  const scripts = foldersIn(root).flatMap((first) => [
    ...scriptIn(root, first),
    ...foldersIn(join(root, first)).flatMap((second) => scriptIn(root, `${first}/${second}`)),
  ]);
  if (scripts.length > 0) return scripts;
  throw new GitOpsError('InvalidInput', `${root} holds no health script`, {
    hint: 'scripts lie at <group>/<Kind>/health.lua below the folder, those of core kinds at <Kind>/health.lua',
  });
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

function scriptIn(root: string, folder: string): FolderScript[] {
  const path = join(root, folder, scriptName);
  if (!existsSync(path)) return [];
  try {
    return [{ folder, path: `${folder}/${scriptName}`, source: readFileSync(path, 'utf8') }];
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): GitOpsError {
  return new GitOpsError('InvalidInput', `cannot read health scripts of ${path}: ${(error as Error).message}`, {
    hint: 'name the folder that holds the <group>/<Kind> folders',
    cause: error,
  });
}
