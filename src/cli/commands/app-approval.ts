/**
 * `app approve`, `app reject`: what people say of a plan that waits.
 */
import type { Command } from 'commander';
import type { Decided } from '../../client/approvals.js';
import type { GitOpsClient } from '../../client/gitops-client.js';
import { approversOf, shortDigest, verdictOf } from '../../domain/approval.js';
import { caller, withSession, type CommandEnvironment } from '../environment.js';

export interface DecisionOptions {
  readonly digest?: string;
  readonly reason?: string;
  readonly by?: string;
}

const digestOption = ['--digest <digest>', 'of the plan that was looked at; the one that waits otherwise'] as const;
const byOption = ['--by <name>', 'in whose name, default the login name'] as const;

export function addApprove(app: Command, environment: CommandEnvironment): void {
  app
    .command('approve')
    .description('approve the plan of a sync that waits')
    .argument('<name>', 'name or id')
    .option(...digestOption)
    .option('--reason <text>', 'kept in the record')
    .option(...byOption)
    .action((name: string, options: DecisionOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        environment.terminal.print(await decide(client, 'approve', name, options, environment));
      }),
    );
}

export function addReject(app: Command, environment: CommandEnvironment): void {
  app
    .command('reject')
    .description('reject the plan of a sync that waits; the sync fails, nothing is written')
    .argument('<name>', 'name or id')
    .requiredOption('--reason <text>', 'why, for the record')
    .option(...digestOption)
    .option(...byOption)
    .action((name: string, options: DecisionOptions, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        environment.terminal.print(await decide(client, 'reject', name, options, environment));
      }),
    );
}

/** @param target an application or a sync @returns what has become of it, in words */
export async function decide(
  client: GitOpsClient,
  verdict: 'approve' | 'reject',
  target: string,
  { digest, reason, by }: DecisionOptions,
  { env }: CommandEnvironment,
): Promise<string> {
  const decision = {
    by: by ?? caller(env),
    ...(digest === undefined ? {} : { digest }),
    ...(reason === undefined ? {} : { reason }),
  };
  return describeDecided(target, await client.approvals[verdict](target, decision));
}

function describeDecided(target: string, { approval, workflowId }: Decided): string {
  const plan = `plan ${shortDigest(approval.digest)} of ${target}`;
  if (verdictOf(approval, Date.now()) === 'rejected') return `${plan} rejected (${workflowId})`;
  const { approvals } = approval.policy;
  const [given, still] = [approversOf(approval).length, approvals - approversOf(approval).length];
  const so = still > 0 ? `${given} of ${approvals} approvals` : 'it is made again and, unless it differs, carried out';
  return `${plan} approved: ${so} (${workflowId})`;
}
