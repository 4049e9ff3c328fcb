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
  /** Ids of all repositories it takes its objects from; absent in older memos. */
  readonly repositories?: readonly string[];
  /** What a sweep for drift must know. */
  readonly target: Target;
  /** Ids; absent for none. */
  readonly dependsOn?: readonly string[];
}

export function memoOf(spec: ApplicationSpec): Record<string, unknown> {
  const { id, name, autoSync, source, createdAt, dependsOn } = spec;
  const { url: repository, branch } = source;
  const repositories = [source, ...(spec.further ?? []).map((one) => one.source)].map((one) => one.repositoryId);
  const place = { repository, branch, repositories, target: targetOf(spec) };
  const memo = { id, name, autoSync, createdAt, ...place } satisfies ApplicationMemo;
  return dependsOn === undefined ? memo : { ...memo, dependsOn: dependsOn.map(({ app }) => app) };
}
