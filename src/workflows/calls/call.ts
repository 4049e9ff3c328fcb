/**
 * What a call of a script needs to become a step.
 */
import { workflowInfo } from '@temporalio/workflow';
import type { Step } from '../../lua/host.js';
import type { PromotionRecord } from '../../domain/promotion/record.js';
import type { Answers } from '../answers.js';
import type { ScriptInput } from '../messages.js';
import type { Questions } from '../questions.js';
import type { RunFolder } from '../run-folder.js';
import type { SyncAnswers } from '../sync-answers.js';

export interface CallContext {
  readonly input: ScriptInput;
  readonly answers: SyncAnswers;
  readonly promotions: Answers<PromotionRecord>;
  readonly questions: Questions;
  /** Applications this script declared: lists hold them even before visibility has caught up. */
  readonly declared: Set<string>;
  readonly folder: RunFolder;
  /** Tells whoever runs the script. */
  readonly warn: (text: string) => void;
}

export type Call = (context: CallContext, step: Step) => Promise<unknown>;

/** One call of one run, however often it is tried. */
export function nameOf({ number }: Step): string {
  return `${workflowInfo().runId}/${number}`;
}

/** Without the fields that are undefined: payloads say only what was said. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && v !== null)) as never;
}
