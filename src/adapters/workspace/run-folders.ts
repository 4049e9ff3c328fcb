/**
 * The folders that this worker process holds for runs of scripts, and the task queue that only this process serves:
 * steps that belong to a folder are sent there.
 *
 * `<home>/workspaces/<process>/owner.json` says which process that is, so that whoever starts next removes what a dead
 * one left: nobody can reach it any more.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { GitOpsError } from '../../domain/errors.js';
import { identify, isRunning, processPlace, type ProcessIdentity } from '../../local/process-identity.js';
import { RunFolder } from './run-folder.js';

interface Owner extends ProcessIdentity {
  readonly place: string;
}

export class RunFolders {
  readonly queue: string;
  private readonly base: string;
  private readonly folders = new Map<string, RunFolder>();
  private opened = 0;

  constructor(home: string) {
    const name = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    this.queue = `sloth-lua/${name}`;
    const all = join(home, 'workspaces');
    this.base = join(all, name);
    mkdirSync(this.base, { recursive: true, mode: 0o700 });
    const owner: Owner = { place: processPlace(), ...identify(process.pid) };
    writeFileSync(join(this.base, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
    sweep(all);
  }

  /** @returns the folder's name, which only this process knows */
  async open(run: RunFolder['run'], archive: Uint8Array | undefined): Promise<string> {
    const name = `${run.runId}-${++this.opened}`;
    this.folders.set(name, await RunFolder.make(join(this.base, name), run, archive));
    return name;
  }

  /** @throws GitOpsError FolderGone */
  get(name: string): RunFolder {
    const folder = this.folders.get(name);
    if (folder !== undefined) return folder;
    throw new GitOpsError('FolderGone', `the folder ${name} of the run is not on this worker`);
  }

  /** All that this worker holds of a run. */
  async removeRun(runId: string): Promise<void> {
    for (const [name, folder] of [...this.folders])
      if (folder.run.runId === runId) {
        this.folders.delete(name);
        await folder.remove();
      }
  }

  /** Removes the folders of runs that are closed: terminated ones do not say goodbye. */
  async removeClosed(isOpen: (run: RunFolder['run']) => Promise<boolean>): Promise<void> {
    for (const { run } of [...this.folders.values()])
      if (!(await isOpen(run).catch(() => true))) await this.removeRun(run.runId);
  }

  close(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

function sweep(all: string): void {
  for (const name of readdirSync(all)) {
    const owner = ownerOf(join(all, name));
    if (owner?.place === processPlace() && !isRunning(owner)) rmSync(join(all, name), { recursive: true, force: true });
  }
}

function ownerOf(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}
