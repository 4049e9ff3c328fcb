/**
 * Patterns of kinds: `Deployment`, `apps/Deployment`, `apps/*`, `core/Secret`; globs in each half.
 */
import { groupOf, type ObjectReference } from '../object.js';
import { globMatches } from './glob.js';

export function kindMatches(
  pattern: string,
  { apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>,
): boolean {
  const slash = pattern.lastIndexOf('/');
  if (slash < 0) return globMatches(pattern, kind);
  return globMatches(pattern.slice(0, slash), groupName(apiVersion)) && globMatches(pattern.slice(slash + 1), kind);
}

/** `apps/Deployment`, `core/Secret` */
export function groupKind({ apiVersion, kind }: Pick<ObjectReference, 'apiVersion' | 'kind'>): string {
  return `${groupName(apiVersion)}/${kind}`;
}

function groupName(apiVersion: string): string {
  return groupOf(apiVersion) || 'core';
}
