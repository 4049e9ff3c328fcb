/**
 * A promotion as Temporal's UI shows it: a line, and a table of its environments in Markdown.
 */
import type { PromotionRecord, StageRecord } from '../domain/promotion/record.js';

export function promotionDetails({ status, message, revision, who, stages }: PromotionRecord): string {
  const head = `${status}: ${message}\n\n${revision?.slice(0, 8) ?? 'no commit yet'}, asked for by ${who}`;
  const rows = stages.map((stage) => `| ${cells(stage).map(escaped).join(' | ')} |`);
  return [head, '', '| environment | state | sync | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function cells({ app, environment, status, sync = '-', message }: StageRecord): string[] {
  return [environment === undefined ? app : `${app} (${environment})`, status, sync, message];
}

function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 200);
}
