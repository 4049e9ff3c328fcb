/**
 * What runs beside syncs starts with: previews, comments, announcements, actions on live objects.
 */
import { defineSignal } from '@temporalio/workflow';
import type { ActionRequest } from '../../domain/actions/record.js';
import type { Notifications } from '../../domain/announcements.js';
import type { ApplicationSpec } from '../../domain/application.js';
import type { ForgeAccess } from '../../domain/forge/forge.js';
import type { Digest } from '../../domain/digest.js';

// preview

export interface LiveHealthWorkflowInput {
  readonly spec: ApplicationSpec;
}

export interface PreviewInput {
  readonly spec: ApplicationSpec;
  readonly revision?: string;
  readonly prune?: boolean;
  /** Artifact of a local folder that takes the place of the repository's. */
  readonly archive?: Digest;
}

// announcement

/** What is said of a sync: its commit's status, and messages. It ends when the sync has, and all was said. */
export interface AnnouncementInput {
  readonly app: AnnouncedApplication;
  readonly sync: number;
  /** RFC 3339: nothing that was said later by another sync is taken back. */
  readonly startedAt: string;
  /** Known from the start, where there is a commit to give a status to. */
  readonly revision?: string;
  /** It is about a commit as a whole. */
  readonly ofCommit: boolean;
}

export type AnnouncedApplication = Pick<ApplicationSpec, 'id' | 'name' | 'project' | 'environment' | 'destination'> & {
  readonly notifications: Notifications;
};

/** The sync waits for a person; the text says what for. */
export const approvalNeededSignal = defineSignal<[{ readonly message: string }]>('approvalNeeded');

// comments

export interface DiffCommentInput {
  readonly app: Pick<ApplicationSpec, 'id' | 'name' | 'environment'>;
  readonly access: ForgeAccess;
  readonly pullRequest: number;
  /** Artifact: the DiffReport. */
  readonly report: Digest;
  readonly revision: string;
}

// resource actions

export interface ListActionsWorkflowInput {
  readonly spec: ApplicationSpec;
  /** One object as it was named; absent for all. */
  readonly resource?: string;
}

export interface ActionWorkflowInput {
  readonly spec: ApplicationSpec;
  readonly request: ActionRequest;
}
