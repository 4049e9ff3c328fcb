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
  /** Id of the application whose preview it is. */
  readonly previewOf?: string;
  /** What a sweep for drift must know. */
  readonly target: Target;
}

export function memoOf(spec: ApplicationSpec): Record<string, unknown> {
  const { id, name, autoSync, source, createdAt, previewOf } = spec;
  const { url: repository, branch } = source;
  const preview = previewOf === undefined ? {} : { previewOf };
  const target = targetOf(spec);
  return { id, name, autoSync, repository, branch, createdAt, target, ...preview } satisfies ApplicationMemo;
}
