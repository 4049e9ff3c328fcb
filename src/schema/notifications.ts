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
  channel: z.string().optional(),
  username: z.string().optional(),
  icon_emoji: z.string().optional().describe('":rocket:"'),
  color: z.string().optional().describe('"good", "warning", "danger" or "#rrggbb"'),
  pipeline: z.string().optional().describe('shown below the message'),
  error_details: z.string().optional().describe('shown below the message'),
  timeout,
});

export const teamsSchema = z.strictObject({
  webhook_url: webhook,
  message,
  title: z.string().optional(),
  pipeline: z.string().optional(),
  error_details: z.string().optional(),
  timeout,
});

export const ntfySchema = z.strictObject({
  server: secretText.optional().describe('default "https://ntfy.sh"'),
  topic: secretText,
  message,
  title: z.string().optional(),
  priority: z.union([z.enum(['min', 'low', 'default', 'high', 'max', 'urgent']), z.number()]).optional(),
  tags: z.array(z.string()).optional(),
  click: z.string().optional().describe('URL to open'),
  token: z.string().meta({ reference: true }).optional(),
  timeout,
});

export const webhookSchema = z.strictObject({
  url: secretText,
  method: z.string().optional().describe('default "POST"'),
  headers: z.record(z.string(), secretText).optional(),
  payload: z.unknown().meta({ interpolated: true }).optional().describe('a table, sent as JSON, or a text'),
  message: z.string().optional().describe('sent as {"message": ...} when there is no payload'),
  timeout,
});

export const emailSchema = z.strictObject({
  host: z.string().describe('SMTP server'),
  port: z.number().optional().describe('default 587, or 465 with secure'),
  secure: z.boolean().optional().describe('TLS from the start; otherwise STARTTLS is required'),
  allow_plain: z.boolean().optional().describe('send also where the server offers no TLS'),
  username: secretText.optional(),
  password: z.string().meta({ reference: true }).optional(),
  from: z.string(),
  to: z.union([z.string(), z.array(z.string())]),
  cc: z.union([z.string(), z.array(z.string())]).optional(),
  subject: z.string(),
  message,
  html: z.string().optional(),
  timeout,
});
