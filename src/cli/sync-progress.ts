/**
 * What a sync is doing, while somebody waits for it: a line on stderr for each phase that ended and, for applications
 * with `diff_preview`, the diff as soon as there is one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { getJson } from '../adapters/artifacts/artifact-store.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { DiffReport } from '../domain/diff/report.js';
import { formatDuration } from '../domain/duration.js';
import type { SyncRecord, SyncStep } from '../domain/sync.js';
import type { SyncTicket } from '../workflows/messages.js';
import { describeDiff } from './describe-diff.js';
import type { Terminal } from './terminal.js';

const pollMs = 300;

/** Runs until `work` is done; a look that fails (no worker, not started yet) is simply tried again. */
export async function withProgress<T>(
  client: GitOpsClient,
  ticket: SyncTicket,
  terminal: Terminal,
  work: Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const shown = new Progress(client, ticket, terminal).until(done.signal);
  try {
    return await work;
  } finally {
    done.abort();
    await shown;
  }
}

class Progress {
  private steps = 0;
  private diff = false;

  constructor(
    private readonly client: GitOpsClient,
    private readonly ticket: SyncTicket,
    private readonly terminal: Terminal,
  ) {}

  /** One last look after the end, so that no phase is left out. */
  async until(signal: AbortSignal): Promise<void> {
    for (let open = true; open;) {
      open = !signal.aborted;
      await this.look().catch(() => undefined);
      if (open) await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const record = await this.client.progress(this.ticket);
    await this.showDiff(record);
    for (const step of record.steps.slice(this.steps)) this.terminal.note(describeStep(step));
    this.steps = record.steps.length;
  }

  private async showDiff({ diffReport, revision = '' }: SyncRecord): Promise<void> {
    if (this.diff || diffReport === undefined) return;
    this.diff = true;
    const { spec } = await this.client.status(this.ticket.app);
    if (!spec.diffPreview) return;
    const report = await getJson<DiffReport>(this.client.artifacts, diffReport);
    this.terminal.error(describeDiff(report, revision, this.terminal));
  }
}

function describeStep({ phase, summary, startedAt, finishedAt }: SyncStep): string {
  const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  return `  ${phase.padEnd(9)} ${summary} (${took})`;
}
