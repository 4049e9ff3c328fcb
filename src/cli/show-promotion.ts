/**
 * A promotion in words: one line while it runs, a table of its environments when somebody asks.
 */
import { isOver, type PromotionRecord, type StageRecord } from '../domain/promotion/record.js';
import type { PromotionProgress } from '../workflows/messages.js';
import { formatList, type Column } from './table.js';

const columns: readonly Column<StageRecord>[] = [
  { title: 'ENVIRONMENT', value: ({ app }) => app },
  { title: 'STATE', value: ({ status }) => status },
  { title: 'SYNC', value: ({ sync = '' }) => sync },
  { title: 'MESSAGE', value: textOf },
];

/** Where it is at work. */
export function promotionLine(progress: PromotionProgress): string {
  const { stages, status, message, approval } = progress;
  if (approval !== undefined) return `${approval.app} waits for an approval: ${approveCommand(progress)}`;
  const at = stages.find((stage) => !['pending', 'passed'].includes(stage.status));
  return at === undefined || status === 'waiting'
    ? `${status}: ${message}`
    : `${at.app}: ${at.status} ${at.message}`.trim();
}

export function describePromotion(record: PromotionProgress): string {
  const { id, status, message, revision = '', stages, approval } = record;
  const question = approval === undefined ? [] : [`waits for an approval: ${approveCommand(record)}`];
  const verdict = isOver(record) ? `${status}: ${message}` : `${status} since ${record.startedAt}`;
  return [`${id} ${revision.slice(0, 8)}`, formatList(stages, columns, 'table'), ...question, verdict].join('\n');
}

function textOf({ message, approval }: StageRecord): string {
  return approval?.approved ? `${message} (approved by ${approval.by})` : message;
}

function approveCommand({ id }: PromotionRecord): string {
  return `sloth-runner workflow approve ${id}`;
}
