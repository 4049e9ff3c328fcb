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
  /** Ids of all repositories it takes its objects from; absent in older memos. */
  readonly repositories?: readonly string[];
  /** What a sweep for drift must know. */
  readonly target: Target;
  /** Ids; absent for none. */
  readonly dependsOn?: readonly string[];
}

export function memoOf(spec: ApplicationSpec): Record<string, unknown> {
  const { id, name, autoSync, source, createdAt, dependsOn, previewOf } = spec;
  const { url: repository, branch } = source;
  const repositories = [source, ...(spec.further ?? []).map((one) => one.source)].map((one) => one.repositoryId);
  const place = { repository, branch, repositories, target: targetOf(spec) };
  return {
    ...{ id, name, autoSync, createdAt, ...place },
    ...(previewOf === undefined ? {} : { previewOf }),
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.map(({ app }) => app) }),
  } satisfies ApplicationMemo;
}
