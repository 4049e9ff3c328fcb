/**
 * Search attributes by which Temporal's list finds our workflows. All are keywords; they are not encrypted by a
 * payload codec, so names and states only.
 */
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { ApplicationSpec } from '../domain/application.js';
import type { PromotionRecord } from '../domain/promotion/record.js';
import type { ApplicationStatus, SyncRequest } from './messages.js';

export const searchAttributeNames = [
  'GitopsApp',
  'GitopsProject',
  'GitopsCluster',
  'GitopsEnvironment',
  'GitopsStatus',
  'GitopsHealth',
  'GitopsRevision',
  'GitopsTrigger',
] as const;

type Name = (typeof searchAttributeNames)[number];

const pair = (name: Name, value: string) => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

/** Set when an application or one of its syncs starts. */
function placeOf(spec: ApplicationSpec): ReturnType<typeof pair>[] {
  const place = [
    pair('GitopsApp', spec.name),
    pair('GitopsProject', spec.project),
    pair('GitopsCluster', spec.destination.cluster),
  ];
  return spec.environment === undefined ? place : [...place, pair('GitopsEnvironment', spec.environment)];
}

/** What `GitopsTrigger` says of an application, so that a sweep finds the few that have to do with previews. */
export const previewMarks = { template: 'previews', preview: 'preview' } as const;

export function previewMark({ previews, previewOf }: ApplicationSpec): ReturnType<typeof pair>[] {
  if (previews !== undefined) return [pair('GitopsTrigger', previewMarks.template)];
  return previewOf === undefined ? [] : [pair('GitopsTrigger', previewMarks.preview)];
}

export function initialAttributes(spec: ApplicationSpec): TypedSearchAttributes {
  return new TypedSearchAttributes([...placeOf(spec), pair('GitopsStatus', 'active'), ...previewMark(spec)]);
}

export function syncAttributes(spec: ApplicationSpec, request: SyncRequest): TypedSearchAttributes {
  return new TypedSearchAttributes([...placeOf(spec), pair('GitopsTrigger', request.trigger ?? 'manual')]);
}

/** Changed when a sync has ended; lists see running syncs for themselves. */
export function applicationAttributes(status: ApplicationStatus): ReturnType<typeof pair>[] {
  const drifted = status.status === 'synced' && status.drift !== undefined;
  const changing = [pair('GitopsStatus', drifted ? 'drifted' : status.status), pair('GitopsHealth', status.health)];
  return status.revision === undefined ? changing : [...changing, pair('GitopsRevision', status.revision)];
}

/** A promotion is found by the environment it ends in. */
export function promotionAttributes({ status, revision, stages }: PromotionRecord): ReturnType<typeof pair>[] {
  const place = [pair('GitopsApp', stages.at(-1)?.app ?? ''), pair('GitopsStatus', status)];
  return revision === undefined ? place : [...place, pair('GitopsRevision', revision)];
}
