/**
 * Preview environments seen from outside: which applications have them, and which are some.
 */
import type { Client } from '@temporalio/client';
import type { KnownPreview } from '../domain/preview-environments.js';
import type { ApplicationMemo } from '../workflows/application-memo.js';
import { previewMarks } from '../workflows/search-attributes.js';
import { applicationSubject, translating } from './failure.js';
import { running } from './listing.js';

export class Previews {
  constructor(private readonly temporal: Client) {}

  /** Ids of the applications that were declared with `preview_environments`; a later declaration may be without. */
  async templates(): Promise<string[]> {
    return (await this.marked(previewMarks.template)).map(({ id }) => id);
  }

  /** By the id of their template. */
  async all(): Promise<ReadonlyMap<string, readonly KnownPreview[]>> {
    const found = new Map<string, KnownPreview[]>();
    for (const { id, branch, previewOf } of await this.marked(previewMarks.preview))
      if (previewOf !== undefined) found.set(previewOf, [...(found.get(previewOf) ?? []), { id, branch }]);
    return found;
  }

  private async marked(mark: string): Promise<ApplicationMemo[]> {
    const query = `${running('application')} AND GitopsTrigger = "${mark}"`;
    const found: ApplicationMemo[] = [];
    await translating(applicationSubject('list'), async () => {
      for await (const { memo } of this.temporal.workflow.list({ query }))
        if (memo !== undefined) found.push(memo as unknown as ApplicationMemo);
    });
    return found.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }
}
