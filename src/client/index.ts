/**
 * The library: `import { GitOpsClient, connect } from 'sloth-runner'`.
 */
export { GitOpsClient, type Declaration } from './gitops-client.js';
export { connect, type ConnectOptions } from './connection.js';
export { applicationSpec, credentialsOf, type ResolvedRepository } from './application-spec.js';
export { FolderStore } from '../adapters/artifacts/folder-store.js';
export { S3Objects, type S3Credentials, type S3Settings } from '../adapters/artifacts/s3-objects.js';
export { S3Store } from '../adapters/artifacts/s3-store.js';
export type { ArtifactStore } from '../adapters/artifacts/artifact-store.js';
export type { WorkflowConfig } from '../schema/workflow-config.js';
export type { DiffReport } from '../domain/diff/report.js';
export type { Decided, WaitingPlan } from './approvals.js';
export type { Approval, ApprovalPolicy, Decision } from '../domain/approval.js';
export type { Gate } from '../domain/gate.js';
export type { ApplicationSummary } from './listing.js';
export type { ScriptRun } from './scripts.js';
export type { RunSummary } from './workflow-runs.js';
export type { HistoryStep } from './history-steps.js';
export type { WaitGoal } from './waiting.js';
export { GitOpsError, type ErrorCode } from '../domain/errors.js';
export type { ApplicationSpec, HealthStatus } from '../domain/application.js';
export type { SyncRecord, SyncStatus, SyncTrigger } from '../domain/sync-record.js';
export type { RollbackChoice } from '../domain/rollback-choice.js';
export type { ApplicationStatus, SyncRequest, SyncTicket, ScriptInput, NumberedLine } from '../workflows/messages.js';
export type { DriftSweepResult } from '../workflows/drift-sweep.js';
export type { PreviewResult } from '../workflows/preview.js';
