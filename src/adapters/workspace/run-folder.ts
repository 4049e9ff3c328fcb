/**
 * The folder of one run on this worker. It lives as long as this process: when the process dies, nobody can reach the
 * folder any more, and another worker opens one anew from the last save. So what a step did here is remembered here,
 * in memory, and a step that is tried again answers without being done again.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../domain/digest.js';
import { workPath } from '../../domain/work-path.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { confine } from './confined-path.js';
import { archiveEntries, extractArchive, fingerprint, listFolder, tooLarge, type Limits } from './snapshot.js';

/** A state of the folder in the artifact store. */
export interface Saved {
  readonly digest: Digest;
  /** Of two saves of one folder, the one with the greater number is newer. */
  readonly order: number;
}

export const saveLimits: Limits = { entries: 20_000, bytes: 64 * 1024 * 1024 };

/** A folder of this size is saved with each step, as part of it. */
const smallLimits: Limits = { entries: 64, bytes: 64 * 1024 };

export class RunFolder {
  private readonly done = new Map<string, Promise<unknown>>();
  private order = 0;
  private last: { fingerprint: string; digest: Digest } | undefined;

  private constructor(
    readonly run: { readonly workflowId: string; readonly runId: string },
    /** The script's own files. */
    readonly root: string,
    /** Beside them, for programs; never saved. */
    readonly temporary: string,
    private readonly base: string,
  ) {}

  static async make(base: string, run: RunFolder['run'], archive: Uint8Array | undefined): Promise<RunFolder> {
    const [root, temporary] = [join(base, 'files'), join(base, 'tmp')];
    await mkdir(root, { recursive: true, mode: 0o700 });
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    const folder = new RunFolder(run, await realpath(root), await realpath(temporary), base);
    if (archive !== undefined) await extractArchive(archive, folder.root);
    return folder;
  }

  /** @throws GitOpsError InvalidInput, NotAllowed */
  relative(path: string, workdir?: string): string {
    return workPath(path, this.root, workdir === undefined ? '.' : workPath(workdir, this.root));
  }

  /** @throws GitOpsError InvalidInput, NotAllowed when the path is outside, by its text or by a link */
  async path(path: string, workdir?: string, last: 'follow' | 'keep' = 'follow'): Promise<string> {
    return confine(this.root, this.relative(path, workdir), last);
  }

  /** A second attempt waits for the first, and answers as it did; one that failed may be done again. */
  once<T>(step: string, act: () => Promise<T>): Promise<T> {
    const before = this.done.get(step);
    if (before !== undefined) return before as Promise<T>;
    const doing = act();
    this.done.set(step, doing);
    doing.catch(() => this.done.delete(step));
    return doing;
  }

  /** undefined when the folder is too large to be saved with every step. */
  async saveIfSmall(store: ArtifactStore): Promise<Saved | undefined> {
    return this.saveWithin(store, smallLimits);
  }

  /** @throws GitOpsError InvalidInput for a folder that is too large */
  async save(store: ArtifactStore): Promise<Saved> {
    const saved = await this.saveWithin(store, saveLimits);
    if (saved === undefined) throw tooLarge('the folder of the run', saveLimits);
    return saved;
  }

  remove(): Promise<void> {
    return rm(this.base, { recursive: true, force: true });
  }

  private async saveWithin(store: ArtifactStore, limits: Limits): Promise<Saved | undefined> {
    const order = ++this.order;
    const entries = await listFolder(this.root, limits);
    if (entries === undefined) return undefined;
    const now = fingerprint(entries);
    if (this.last?.fingerprint === now) return { digest: this.last.digest, order };
    const digest = await store.put(await archiveEntries(this.root, entries));
    this.last = { fingerprint: now, digest };
    return { digest, order };
  }
}
