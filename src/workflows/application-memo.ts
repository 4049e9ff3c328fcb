/**
 * What lists of applications read without waking a workflow.
 */
import type { ApplicationSpec } from '../domain/application.js';

export interface ApplicationMemo {
  readonly id: string;
  readonly name: string;
  readonly autoSync: boolean;
  readonly repository: string;
  readonly branch: string;
  readonly createdAt: string;
}

export function memoOf(spec: ApplicationSpec): Record<string, unknown> {
  const { id, name, autoSync, source, createdAt } = spec;
  return { id, name, autoSync, repository: source.url, branch: source.branch, createdAt } satisfies ApplicationMemo;
}
