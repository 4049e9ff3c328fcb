/**
 * What a worker process may be there for: `engine` and `lua` run workflows, `git` and `cluster` steps of theirs.
 */
export const allRoles = ['engine', 'lua', 'git', 'cluster'] as const;

export type Role = (typeof allRoles)[number];
