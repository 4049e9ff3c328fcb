/**
 * Plans that wait for people, and what people say of them. The sync that waits holds the question; whoever knows only
 * the application finds it here.
 */
import type { Client } from '@temporalio/client';
import type { Approval } from '../domain/approval.js';
import { GitOpsError } from '../domain/errors.js';
import {
  approveUpdate,
  progressQuery,
  rejectUpdate,
  workflowIds,
  type ApplicationStatus,
  type DecisionInput,
} from '../workflows/messages.js';
import { translating } from './failure.js';
import type { ApplicationSummary } from './listing.js';

export interface WaitingPlan {
  readonly app: string;
  readonly name: string;
  /** `sync-<n>` */
  readonly sync: string;
  readonly workflowId: string;
  readonly revision?: string;
  readonly approval: Approval;
}

export interface Decided {
  readonly workflowId: string;
  readonly approval: Approval;
}

interface Applications {
  status(app: string): Promise<ApplicationStatus>;
  list(): Promise<ApplicationSummary[]>;
}

export class Approvals {
  constructor(
    private readonly temporal: Client,
    private readonly applications: Applications,
  ) {}

  /**
   * @param target an application (id or name), or the sync that waits, `gitops/<id>/sync-<n>`
   * @param decision `digest`: of the plan that was looked at, default the one that waits now
   * @param once a name for this decision: said twice under one name, it is taken once
   * @throws NothingToApprove, PlanMismatch, NotAllowed, InvalidInput, ApprovalExpired
   */
  async approve(target: string, decision: DecisionInput, once?: string): Promise<Decided> {
    const { workflowId, digest } = await this.find(target);
    const args: [DecisionInput] = [{ digest, ...decision }];
    return this.tell(workflowId, (handle) => handle.executeUpdate(approveUpdate, { args, ...named(once) }));
  }

  /** Ends the sync, which fails with ApprovalRejected. @param decision `reason` must be given */
  async reject(target: string, decision: DecisionInput, once?: string): Promise<Decided> {
    const { workflowId } = await this.find(target);
    return this.tell(workflowId, (handle) => handle.executeUpdate(rejectUpdate, { args: [decision], ...named(once) }));
  }

  /** Every plan that waits for people, by application. */
  async waiting(): Promise<WaitingPlan[]> {
    const listed = (await this.applications.list()).filter(({ status }) => status === 'awaiting_approval');
    const found = await Promise.all(listed.map(({ id }) => this.applications.status(id)));
    return found.flatMap((status) => waitingPlan(status) ?? []);
  }

  private async find(target: string): Promise<{ workflowId: string; digest: string }> {
    if (isSync(target)) return this.ofSync(target);
    const status = await this.applications.status(target.replace(/^gitops\/(?=[^/]+$)/, ''));
    const plan = waitingPlan(status);
    if (plan === undefined) throw nothingWaits(status.spec.name);
    return { workflowId: plan.workflowId, digest: plan.approval.digest };
  }

  private async ofSync(workflowId: string): Promise<{ workflowId: string; digest: string }> {
    const record = await translating({ code: 'UnknownSync', name: workflowId }, () =>
      this.temporal.workflow.getHandle(workflowId).query(progressQuery),
    );
    const approval = record.gate?.approval;
    if (approval === undefined) throw nothingWaits(workflowId);
    return { workflowId, digest: approval.digest };
  }

  private async tell(
    workflowId: string,
    update: (handle: ReturnType<Client['workflow']['getHandle']>) => Promise<Approval>,
  ): Promise<Decided> {
    const subject = { code: 'UnknownSync' as const, name: workflowId };
    return {
      workflowId,
      approval: await translating(subject, () => update(this.temporal.workflow.getHandle(workflowId))),
    };
  }
}

/** Whether that names a run of the workflow `sync`. */
export function isSync(target: string): boolean {
  return /^gitops\/[^/]+\/sync-\d+$/.test(target);
}

/** The plan of an application that people may say something of: also an approved one that waits for its window. */
export function waitingPlan({ spec, lastSync }: ApplicationStatus): WaitingPlan | undefined {
  const approval = lastSync?.gate?.approval;
  if (lastSync === undefined || approval === undefined) return undefined;
  const { id: sync, number, revision } = lastSync;
  const place = { app: spec.id, name: spec.name, sync, workflowId: workflowIds.sync(spec.id, number) };
  return { ...place, ...(revision === undefined ? {} : { revision }), approval };
}

/** Temporal answers an update whose id it knows with what the first one got. */
function named(updateId: string | undefined): { updateId?: string } {
  return updateId === undefined ? {} : { updateId };
}

function nothingWaits(name: string): GitOpsError {
  return new GitOpsError('NothingToApprove', `no plan of ${name} waits for an approval`, {
    hint: 'sloth-runner app list shows which applications are awaiting_approval',
  });
}
