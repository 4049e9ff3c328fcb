/**
 * What a sync is doing, while somebody waits for it: a line on stderr for each phase that ended and, for applications
 * with `diff_preview`, the diff as soon as there is one.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { GitOpsClient } from '../client/gitops-client.js';
import { formatDuration } from '../domain/duration.js';
import { describeGate } from '../domain/gate.js';
import type { SyncRecord, SyncStep } from '../domain/sync-record.js';
import type { SyncTicket } from '../workflows/messages.js';
import { describeDiff } from './describe-diff.js';
import type { Terminal } from './terminal.js';

const pollMs = 300;

/**
 * Runs until `ended` is; a look that fails (no worker, not started yet) is simply tried again.
 * @returns the record, once all that is in it has been shown
 */
export async function withProgress(
  client: GitOpsClient,
  ticket: SyncTicket,
  terminal: Terminal,
  ended: Promise<SyncRecord>,
): Promise<SyncRecord> {
  const done = new AbortController();
  const progress = new Progress(client, ticket, terminal);
  const looking = progress.until(done.signal);
  try {
    return await ended;
  } finally {
    done.abort();
    await looking;
    await ended.then((record) => progress.show(record)).catch(() => undefined);
  }
}

class Progress {
  private steps = 0;
  private diff = false;
  private gate = '';

  constructor(
    private readonly client: GitOpsClient,
    private readonly ticket: SyncTicket,
    private readonly terminal: Terminal,
  ) {}

  async until(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look().catch(() => undefined);
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    await this.show(await this.client.progress(this.ticket));
  }

  async show(record: SyncRecord): Promise<void> {
    await this.showDiff(record);
    for (const step of record.steps.slice(this.steps)) this.terminal.note(describeStep(step));
    this.steps = record.steps.length;
    this.showGate(record);
  }

  /** Once for each thing it waits for. */
  private showGate({ gate, app, number }: SyncRecord): void {
    const text = gate === undefined ? '' : describeGate(gate);
    if (gate !== undefined && text !== this.gate) {
      this.terminal.note(`  ${text}`);
      if (gate.waitsFor === 'approval') this.terminal.note(`  next: sloth-runner approve gitops/${app}/sync-${number}`);
    }
    this.gate = text;
  }

  private async showDiff({ diffReport, revision = '' }: SyncRecord): Promise<void> {
    if (this.diff || diffReport === undefined) return;
    this.diff = true;
    const { spec } = await this.client.status(this.ticket.app);
    if (!spec.diffPreview) return;
    const report = await this.client.readReport({ report: diffReport });
    this.terminal.error(describeDiff(report, revision, this.terminal));
  }
}

function describeStep({ phase, summary, startedAt, finishedAt }: SyncStep): string {
  const took = formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));
  return `  ${phase.padEnd(9)} ${summary} (${took})`;
}
