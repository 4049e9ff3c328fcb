/**
 * `sync_policy.health_check.checks`: what is asked besides the objects. Which field goes with which type is checked where
 * the specification is made (`src/client/external-checks.ts`).
 */
import { z } from 'zod';
import { duration } from './duration.js';

export const healthCheckSchema = z.strictObject({
  type: z.enum(['http', 'metric', 'lua']).describe('what is asked: an address, a metric, or a script'),
  name: z.string().optional().describe('as reports call it'),
  url: z.string().optional().describe('the address, or that of the metrics server'),
  method: z.string().optional().describe('GET unless said otherwise'),
  expect_status: z
    .union([z.number(), z.string(), z.array(z.union([z.number(), z.string()]))])
    .optional()
    .describe('status codes that are fine: 200, "2xx", or a list; 2xx unless said otherwise'),
  body_contains: z.string().optional().describe('text that the answer must hold'),
  headers: z.record(z.string(), z.string()).optional().describe('headers of the request'),
  provider: z.enum(['prometheus']).optional().describe('kind of metrics server'),
  query: z.string().optional().describe('the query of the metric'),
  threshold: z
    .strictObject({
      min: z.number().optional().describe('smallest value that is fine'),
      max: z.number().optional().describe('largest value that is fine'),
    })
    .optional()
    .describe('the range that the metric must stay in'),
  script: z.string().optional().describe('a Lua health script'),
  timeout: duration.optional().describe('how long one request may take'),
  interval: duration.optional().describe('time between two requests'),
  count: z.number().optional().describe('how many requests must be fine'),
  failures: z.number().optional().describe('how many in a row may fail'),
  failure_limit: z.number().optional().describe('how many may fail in all'),
});

export type HealthCheckConfig = z.infer<typeof healthCheckSchema>;
