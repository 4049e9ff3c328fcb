/** `gates` of a declaration: addresses that must answer yes before a sync writes. */
import { z } from 'zod';
import { duration } from './duration.js';
import { secretText } from './secret-text.js';

export const externalGateSchema = z.strictObject({
  url: secretText.describe('the address that is asked'),
  name: z.string().optional().describe('as messages call it; the host unless said otherwise'),
  method: z.enum(['POST', 'PUT']).optional().describe('POST unless said otherwise'),
  headers: z.record(z.string(), secretText).optional().describe('name -> value; a value may hold secret("name")'),
  timeout: duration.optional().describe('how long one question may take; 10s unless said otherwise'),
  interval: duration.optional().describe('between two questions while it has not decided; 30s unless said otherwise'),
  max_wait: duration.optional().describe('how long it may put off its decision; 7d unless said otherwise'),
});

export type ExternalGateConfig = z.infer<typeof externalGateSchema>;
