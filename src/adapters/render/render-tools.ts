/**
 * Where kustomize and helm are, and the words that start them.
 */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import { findTool, toolsCache } from '../../local/tools-cache.js';

/** Program and first arguments. @throws GitOpsError ToolMissing */
export type FindRenderer = (env?: NodeJS.ProcessEnv) => readonly string[];

/** `kustomize` on PATH, else the one inside the kubectl of the tools cache, else inside the kubectl on PATH. */
export const kustomizeCommand: FindRenderer = (env = process.env) => {
  const cached = join(toolsCache(env), 'bin', 'kubectl');
  const ways: (() => readonly string[])[] = [
    () => [findTool('kustomize', env), 'build'],
    () => [executable(cached), 'kustomize'],
    () => [findTool('kubectl', env), 'kustomize'],
  ];
  return firstOf(ways, 'kustomize was found neither on PATH nor in kubectl');
};

export const helmCommand: FindRenderer = (env = process.env) => [findTool('helm', env)];

function firstOf(ways: readonly (() => readonly string[])[], otherwise: string): readonly string[] {
  let failure: unknown;
  for (const way of ways) {
    try {
      return way();
    } catch (error) {
      failure = error;
    }
  }
  const hint = failure instanceof GitOpsError ? failure.hint : undefined;
  throw new GitOpsError('ToolMissing', otherwise, hint === undefined ? {} : { hint });
}

function executable(path: string): string {
  accessSync(path, constants.X_OK);
  return path;
}
