/**
 * What a run wants in the cluster: from a branch to a commit, from a commit to objects.
 */
import type { ApplicationSpec, FurtherSource } from '../domain/application.js';
import { isFeed } from '../domain/branch-strategy.js';
import type { ClonedSource, CloneInput, CloneResult, RenderResult } from '../domain/sync.js';
import { targetOf } from '../domain/target.js';
import { isPinned } from '../domain/urgency.js';
import type { PromotedSet, SyncInput } from './messages.js';
import type { Phases } from './phases.js';
import { clonedSource, cloneInput, renderInput, renderStep, revisionsOf, type Cloned } from './sources.js';
import { briefStep } from './steps.js';
import type { SyncJournal } from './sync-journal.js';

export class SyncSources {
  private readonly spec: ApplicationSpec;

  constructor(
    private readonly input: SyncInput,
    private readonly journal: SyncJournal,
    private readonly phases: Phases,
  ) {
    this.spec = input.spec;
  }

  async clone(): Promise<Cloned> {
    const { revision } = this.input.request;
    const commit = await this.cloneOne(this.spec, { ...(revision === undefined ? {} : { revision }), ...this.follows });
    this.journal.update({ revision: commit.revision, tree: commit.tree });
    if (commit.noFastForward) this.journal.warn([this.noFastForward(commit)]);
    const further: ClonedSource[] = [];
    for (const one of this.spec.further ?? []) further.push(clonedSource(one, await this.cloneOne(one)));
    if (further.length === 0) return commit;
    this.journal.update({ revisions: revisionsOf({ ...commit, further }) });
    return { ...commit, further };
  }

  private cloneOne(one: FurtherSource, wanted: Pick<CloneInput, 'revision' | 'follows'> = {}): Promise<CloneResult> {
    const { path, branch } = one.source;
    return this.phases.run('clone', `clone ${path} at ${wanted.revision ?? branch}`, (s) =>
      briefStep(s, (a) => a.clone(cloneInput(one, wanted))),
    );
  }

  /** A branch goes on from what is live (F33). A revision that somebody named need not, nor one release after another. */
  private get follows(): Pick<CloneInput, 'follows'> {
    const { revision: follows } = this.input.standsOn;
    const goesOn = follows !== undefined && !isPinned(this.input.request) && !isFeed(this.spec.source.branch);
    return goesOn ? { follows } : {};
  }

  private noFastForward({ revision }: CloneResult): string {
    const [live, now] = [this.input.standsOn.revision ?? '', revision].map((commit) => commit.slice(0, 8));
    const { branch } = this.spec.source;
    return `${branch} at ${now} does not go on from ${live}, which was live: it was rewritten, or ${live} came from elsewhere`;
  }

  async render(commit: Cloned): Promise<RenderResult> {
    const summary = `render ${this.spec.source.path} at ${commit.revision.slice(0, 8)}`;
    const rendered = await this.phases.run('render', summary, (s) =>
      renderStep(s, commit, (a) => a.render(renderInput(this.spec, commit))),
    );
    this.journal.update({ manifests: rendered.manifests });
    this.journal.warn(rendered.warnings);
    return rendered;
  }

  /** The set of another environment in the place of a commit's. */
  async moveSet({ manifests, from }: PromotedSet): Promise<RenderResult> {
    const { policies } = this.spec;
    const own = policies === undefined ? {} : { policies };
    const input = { manifests, from, to: targetOf(this.spec), ...own };
    const moved = await this.phases.run('render', `take over the objects of ${from.appName}`, (s) =>
      briefStep(s, (a) => a.moveSet(input)),
    );
    const { revision } = this.input.request;
    this.journal.update({ manifests: moved.manifests, ...(revision === undefined ? {} : { revision }) });
    return moved;
  }
}
