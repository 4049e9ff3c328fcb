/**
 * What lists of applications read without waking a workflow.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { targetOf, type Target } from '../domain/target.js';

export interface ApplicationMemo {
  readonly id: string;
  readonly name: string;
  readonly autoSync: boolean;
  readonly repository: string;
  readonly branch: string;
  readonly createdAt: string;
  /** What a sweep for drift must know. */
  readonly target: Target;
}

export function memoOf(spec: ApplicationSpec): Record<string, unknown> {
  const { id, name, autoSync, source, createdAt } = spec;
  const { url: repository, branch } = source;
  return { id, name, autoSync, repository, branch, createdAt, target: targetOf(spec) } satisfies ApplicationMemo;
}
