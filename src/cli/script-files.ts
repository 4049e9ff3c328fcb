/**
 * The files a script names, read when it is submitted: what is needed while it runs may by then be gone from this machine,
 * and was never on the worker's.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { GitOpsError } from '../domain/errors.js';
import { fileReferences, type FileReference } from '../lua/file-references.js';
import { candidatesFor, normalPath } from '../lua/script-files.js';

const countLimit = 50;
const totalLimit = 512 * 1024;

/**
 * @param name of the script, for messages
 * @returns path relative to the folder -> text
 * @throws GitOpsError InvalidInput with file:line
 */
export function readScriptFiles(name: string, source: string, folder: string): Record<string, string> {
  const files = new Map<string, string>();
  const open: (readonly [file: string, source: string])[] = [[name, source]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, text] = next;
    for (const reference of fileReferences(text)) {
      const path = find(reference, folder, `${from}:${reference.line}`);
      if (path === undefined || files.has(path)) continue;
      const content = readFileSync(join(folder, path), 'utf8');
      files.set(path, content);
      checkLimits(files, `${from}:${reference.line}`);
      if (path.endsWith('.lua')) open.push([path, content]);
    }
  }
  return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A module that is no file may be one of the language: the script hears of it when it asks. */
function find({ call, name }: FileReference, folder: string, position: string): string | undefined {
  const asModule = call === 'require';
  for (const candidate of candidatesFor(name, asModule)) {
    const path = normalPath(candidate);
    if (path === undefined && !asModule) throw outside(name, position);
    if (path !== undefined && isFile(join(folder, path))) return inside(path, folder, name, position);
  }
  if (asModule) return undefined;
  throw new GitOpsError('InvalidInput', `${position}: there is no file '${name}' in ${folder}`, {
    hint: 'paths are relative to the folder of the script that is run',
  });
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Links are followed before they are judged. */
function inside(path: string, folder: string, name: string, position: string): string {
  const real = relative(realpathSync(folder), realpathSync(join(folder, path)));
  if (real === '..' || real.startsWith(`..${sep}`)) throw outside(name, position);
  return path;
}

function outside(name: string, position: string): GitOpsError {
  return new GitOpsError('InvalidInput', `${position}: '${name}' lies outside the script's folder`, {
    hint: 'keep the files of a script beside it or below',
  });
}

function checkLimits(files: ReadonlyMap<string, string>, position: string): void {
  const size = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (files.size > countLimit)
    throw new GitOpsError('InvalidInput', `${position}: a script may bring ${countLimit} files, this one brings more`);
  if (size > totalLimit)
    throw new GitOpsError(
      'InvalidInput',
      `${position}: the script's files have ${size} bytes, they may have ${totalLimit}`,
    );
}
