/**
 * Where workflows and workers are found: task queues and ids.
 */

/** Task queues; a worker process serves one or several of them (design.md section 3, rule 10: Lua has its own). */
export const taskQueues = { engine: 'sloth-runner', lua: 'sloth-lua', git: 'sloth-git' } as const;

/** Each cluster has one of its own: a cluster that does not answer holds up its own steps alone. */
export function clusterQueue(cluster: string): string {
  return `sloth-cluster-${cluster}`;
}

/** After so long another worker takes over the workflow task of one that died; the server's default is 10 s. */
export const workflowTaskTimeout = '5s';

export const workflowIds = {
  application: (app: string): string => `gitops/${app}`,
  sync: (app: string, sync: number): string => `gitops/${app}/sync-${sync}`,
  repository: (repository: string): string => `repository/${repository}`,
  scriptState: (name: string): string => `state/${name}`,
  promotion: (name: string, number: number): string => `promotion/${name}/${number}`,
  announcement: (app: string, sync: number): string => `gitops/${app}/sync-${sync}/announcement`,
  /** One at a time for each pull request, so that there is one comment. */
  diffComment: (app: string, pullRequest: number): string => `gitops/${app}/comment-${pullRequest}`,
} as const;
