/** What each service of the `notifications` module takes. */
import { z } from 'zod';
import { duration } from './duration.js';
import { secretText } from './secret-text.js';

const message = z.string().describe('the text');
const timeout = duration.optional().describe('"30s" (the default) or seconds');
const webhook = secretText.describe('incoming webhook; whoever knows it can post, so give secret("name")');

export const slackSchema = z.strictObject({
  webhook_url: webhook,
  message,
  channel: z.string().optional().describe('where to post, when the webhook allows it'),
  username: z.string().optional().describe('name shown as the sender'),
  icon_emoji: z.string().optional().describe('":rocket:"'),
  color: z.string().optional().describe('"good", "warning", "danger" or "#rrggbb"'),
  pipeline: z.string().optional().describe('shown below the message'),
  error_details: z.string().optional().describe('shown below the message'),
  timeout,
});

export const teamsSchema = z.strictObject({
  webhook_url: webhook,
  message,
  title: z.string().optional().describe('heading of the card'),
  pipeline: z.string().optional().describe('shown below the message'),
  error_details: z.string().optional().describe('shown below the message'),
  timeout,
});

export const ntfySchema = z.strictObject({
  server: secretText.optional().describe('default "https://ntfy.sh"'),
  topic: secretText.describe('whoever knows it can read it'),
  message,
  title: z.string().optional().describe('heading'),
  priority: z
    .union([z.enum(['min', 'low', 'default', 'high', 'max', 'urgent']), z.number()])
    .optional()
    .describe('a word, or 1 to 5'),
  tags: z.array(z.string()).optional().describe('words or emoji names'),
  click: z.string().optional().describe('URL to open'),
  token: z.string().meta({ reference: true }).optional().describe('access token: secret("name") or "env:NAME"'),
  timeout,
});

export const webhookSchema = z.strictObject({
  url: secretText.describe('where to send it'),
  method: z.string().optional().describe('default "POST"'),
  headers: z.record(z.string(), secretText).optional().describe('name -> value; a value may hold secret("name")'),
  payload: z.unknown().meta({ interpolated: true }).optional().describe('a table, sent as JSON, or a text'),
  message: z.string().optional().describe('sent as {"message": ...} when there is no payload'),
  timeout,
});

export const emailSchema = z.strictObject({
  host: z.string().describe('SMTP server'),
  port: z.number().optional().describe('default 587, or 465 with secure'),
  secure: z.boolean().optional().describe('TLS from the start; otherwise STARTTLS is required'),
  allow_plain: z.boolean().optional().describe('send also where the server offers no TLS'),
  username: secretText.optional().describe('of the account at the SMTP server'),
  password: z.string().meta({ reference: true }).optional().describe('secret("name") or "env:NAME"'),
  from: z.string().describe('address of the sender'),
  to: z.union([z.string(), z.array(z.string())]).describe('one address, or a list'),
  cc: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('one address, or a list'),
  subject: z.string().describe('subject line'),
  message,
  html: z.string().optional().describe('the same as HTML, for readers that show it'),
  timeout,
});
