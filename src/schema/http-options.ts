/** Options of the `http` functions. */
import { z } from 'zod';
import { duration } from './duration.js';
import { interpolated, secretText } from './secret-text.js';

const fields = {
  headers: z
    .record(z.string(), secretText)
    .optional()
    .describe('header name -> text; "Bearer " .. secret("name") is allowed'),
  body: interpolated.optional().describe('text to send, or a table, which is sent as JSON'),
  json: interpolated.optional().describe('a table to send as JSON'),
  form: z.record(z.string(), secretText).optional().describe('fields to send as a form'),
  query: z.record(z.string(), interpolated).optional().describe('parameters to add to the URL'),
  timeout: duration.optional().describe('of each attempt: "30s" (the default) or seconds'),
  retries: z.number().optional().describe('further attempts; default 3 for GET and HEAD, else 0'),
  follow_redirects: z.boolean().optional().describe('default true'),
};

export const httpOptionsSchema = z.strictObject(fields);

export const httpRequestSchema = z.strictObject({
  url: secretText.describe('http or https'),
  method: z.string().optional().describe('default "GET"'),
  ...fields,
});
