/**
 * `notifications` of a declaration: the status of the commit, diffs as comments, and messages to people. The text of a
 * message is a template; what may stand in it is checked where the specification is made.
 */
import { z } from 'zod';
import { triggers } from '../domain/announcements.js';
import { emailSchema, ntfySchema, slackSchema, teamsSchema, webhookSchema } from './notifications.js';

const forge = {
  provider: z
    .enum(['github', 'gitlab', 'gitea', 'forgejo'])
    .optional()
    .describe('told by the host where that is github.com, gitlab.com or codeberg.org'),
  api: z.string().optional().describe('base address of the API; made from the host of the repository'),
  repository: z.string().optional().describe('"owner/name"; made from the address of the repository'),
};

const token = z.string().meta({ reference: true }).describe('secret("name"), "env:NAME" or "file:PATH"');

const commitStatusSchema = z.strictObject({
  ...forge,
  token,
  context: z.string().optional().describe('under which the status stands; "sloth-runner/<name>"'),
  target_url: z.string().optional().describe('where its link leads: "https://ops.example/{app}/{sync}"'),
});

const pullRequestSchema = z.strictObject({ ...forge, token });

const told = {
  on: z.array(z.enum(triggers)).optional().describe('when; all but on-succeeded unless said otherwise'),
  message: z.string().optional().describe('"{app}: {sync} {status}: {message}" unless said otherwise'),
};

/** One, or several. */
const targets = <T extends z.ZodType>(target: T) => z.union([target, z.array(target)]).optional();

export const notificationTargetsSchema = z.strictObject({
  commit_status: commitStatusSchema.optional().describe('status of each commit that is synced'),
  pull_request: pullRequestSchema.optional().describe('where diffs become comments; as commit_status when absent'),
  slack: targets(slackSchema.omit({ pipeline: true, error_details: true }).extend(told)).describe('Slack channels'),
  teams: targets(teamsSchema.omit({ pipeline: true, error_details: true }).extend(told)).describe('Teams channels'),
  ntfy: targets(ntfySchema.extend(told)).describe('ntfy topics'),
  webhook: targets(webhookSchema.omit({ payload: true }).extend({ on: told.on }).omit({ message: true })).describe(
    'addresses that are sent the record as JSON',
  ),
  email: targets(
    emailSchema.omit({ html: true }).extend({ ...told, subject: z.string().optional().describe('subject line') }),
  ).describe('mail'),
});

export type NotificationTargets = z.infer<typeof notificationTargetsSchema>;
