/**
 * Opening, saving and leaving the folder of a run. `openFolder` goes to any worker of a queue and answers with the
 * queue that this worker alone serves; all the others go there.
 */
import picomatch from 'picomatch';
import type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import type { RunFolders } from '../adapters/workspace/run-folders.js';
import type { RunFolder, Saved } from '../adapters/workspace/run-folder.js';
import { archiveEntries, extractArchive, listFolder, tooLarge } from '../adapters/workspace/snapshot.js';
import { saveLimits } from '../adapters/workspace/run-folder.js';
import type { Digest } from '../domain/digest.js';
import { GitOpsError } from '../domain/errors.js';
import { withHeartbeat } from './heartbeat.js';

export interface FolderDependencies {
  readonly folders: RunFolders;
  readonly artifacts: ArtifactStore;
}

/** Every answer of a step that may change the folder. */
export interface FolderAnswer<T> {
  readonly value: T;
  /** The folder after it, when it is small; it is the workflow's to remember. */
  readonly saved?: Saved;
}

export interface OpenFolderInput {
  readonly workflowId: string;
  readonly runId: string;
  /** What to begin with. */
  readonly saved?: Digest;
}

export interface OpenedFolder {
  readonly queue: string;
  readonly folder: string;
}

export interface FilesInput {
  readonly folder: string;
  readonly workdir?: string;
  readonly globs: readonly string[];
}

export interface DeliverInput extends FilesInput {
  readonly archives: readonly Digest[];
}

export function createRunFolder({ folders, artifacts }: FolderDependencies) {
  return {
    openFolder: ({ workflowId, runId, saved }: OpenFolderInput): Promise<OpenedFolder> =>
      withHeartbeat(async () => {
        const archive = saved === undefined ? undefined : await artifacts.get(saved);
        return { queue: folders.queue, folder: await folders.open({ workflowId, runId }, archive) };
      }),

    /** @throws GitOpsError InvalidInput for a folder that is too large, FolderGone */
    saveFolder: ({ folder }: { folder: string }): Promise<Saved> =>
      withHeartbeat(() => folders.get(folder).save(artifacts)),

    /** The files of a task that others may have. @throws GitOpsError PathNotFound when there are none */
    collectFiles: (input: FilesInput): Promise<{ digest: Digest; files: number }> =>
      withHeartbeat(async () => {
        const folder = folders.get(input.folder);
        const root = await folder.path(input.workdir ?? '.');
        const entries = await listFolder(root, saveLimits);
        if (entries === undefined) throw tooLarge('the folder of the task', saveLimits);
        const matches = matcher(input.globs);
        const kept = entries.filter(({ path, kind }) => kind !== 'folder' && matches(path));
        if (kept.length === 0) throw noFiles(input.globs, 'the task left');
        return { digest: await artifacts.put(await archiveEntries(root, kept)), files: kept.length };
      }),

    /** @throws GitOpsError PathNotFound when nothing was handed on under such a name */
    deliverFiles: (input: DeliverInput): Promise<FolderAnswer<number>> =>
      withHeartbeat(async () => {
        const folder = folders.get(input.folder);
        const root = await folder.path(input.workdir ?? '.');
        const matches = matcher(input.globs);
        let files = 0;
        for (const digest of input.archives) files += await extractArchive(await artifacts.get(digest), root, matches);
        if (files === 0) throw noFiles(input.globs, 'the tasks before it handed on');
        return answerOf(folder, artifacts, files);
      }),

    removeFolder: ({ runId }: { runId: string }): Promise<void> => withHeartbeat(() => folders.removeRun(runId)),
  };
}

/** With the state of the folder, where that costs little. */
export async function answerOf<T>(folder: RunFolder, store: ArtifactStore, value: T): Promise<FolderAnswer<T>> {
  const saved = await folder.saveIfSmall(store);
  return saved === undefined ? { value } : { value, saved };
}

/** A folder stands for all that lies in it. */
function matcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, ''));
  return picomatch(
    patterns.flatMap((glob) => [glob, `${glob}/**`]),
    { dot: true },
  );
}

function noFiles(globs: readonly string[], who: string): GitOpsError {
  return new GitOpsError('PathNotFound', `${who} no file that matches ${globs.join(', ')}`);
}
