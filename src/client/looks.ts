/**
 * Workflows that look and change nothing: what a sync would change, what it would apply, how healthy everything is now.
 * What is large lies in the artifact store.
 */
import type { Client } from '@temporalio/client';
import { getJson, type ArtifactStore } from '../adapters/artifacts/artifact-store.js';
import { archiveFolder } from '../adapters/manifests/folder-archive.js';
import type { ApplicationSpec } from '../domain/application.js';
import type { LiveHealthReport } from '../domain/health/live.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import type { LiveHealthResult } from '../domain/sync.js';
import {
  taskQueues,
  workflowIds,
  workflowTaskTimeout,
  type LiveHealthWorkflowInput,
  type PreviewInput,
} from '../workflows/messages.js';
import type { PreviewResult, RenderedPreview } from '../workflows/preview.js';
import { applicationSubject, translating } from './failure.js';

export interface RenderedApplication extends RenderedPreview {
  /** In apply order. */
  readonly set: RenderedSet;
}

export interface PreviewOptions {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly folder?: string;
}

interface Look<I> {
  readonly type: 'preview' | 'renderPreview' | 'liveHealth';
  /** Of the workflow's id. */
  readonly name: string;
  readonly summary: string;
  readonly input: I;
}

export class Looks {
  constructor(
    private readonly temporal: Client,
    private readonly artifacts: ArtifactStore,
  ) {}

  async preview(spec: ApplicationSpec, { folder, ...given }: PreviewOptions): Promise<PreviewResult> {
    const local = folder === undefined ? {} : { archive: await this.artifacts.put(await archiveFolder(folder)) };
    const summary = `preview ${folder ?? given.revision ?? spec.source.branch}`;
    const input = { spec, ...given, ...local };
    return this.look<PreviewInput, PreviewResult>({ type: 'preview', name: 'diff', summary, input });
  }

  async render(spec: ApplicationSpec, options: { revision?: string }): Promise<RenderedApplication> {
    const summary = `render ${options.revision ?? spec.source.branch}`;
    const input = { spec, ...options };
    const look = { type: 'renderPreview', name: 'render', summary, input } as const;
    const rendered = await this.look<PreviewInput, RenderedPreview>(look);
    return { ...rendered, set: await getJson<RenderedSet>(this.artifacts, rendered.manifests) };
  }

  async health(spec: ApplicationSpec): Promise<LiveHealthReport> {
    const look = { type: 'liveHealth', name: 'health', summary: 'health now', input: { spec } } as const;
    const { report } = await this.look<LiveHealthWorkflowInput, LiveHealthResult>(look);
    return getJson(this.artifacts, report);
  }

  private look<I extends { readonly spec: ApplicationSpec }, R>({ type, name, summary, input }: Look<I>): Promise<R> {
    const { id, name: app } = input.spec;
    return translating(applicationSubject(app), () =>
      this.temporal.workflow.execute<(input: unknown) => Promise<R>>(type, {
        workflowId: `${workflowIds.application(id)}/${name}-${Date.now()}-${process.pid}`,
        taskQueue: taskQueues.engine,
        workflowTaskTimeout,
        args: [input],
        staticSummary: `${app}: ${summary}`,
      }),
    );
  }
}
