/**
 * `sync_policy.health_check.checks`: what is asked besides the objects. Which field goes with which type is checked where
 * the specification is made (`src/client/external-checks.ts`).
 */
import { z } from 'zod';
import { duration } from './duration.js';

export const healthCheckSchema = z.strictObject({
  type: z.enum(['http', 'metric', 'lua']),
  name: z.string().optional(),
  url: z.string().optional(),
  method: z.string().optional(),
  expect_status: z.union([z.number(), z.string(), z.array(z.union([z.number(), z.string()]))]).optional(),
  body_contains: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  provider: z.enum(['prometheus']).optional(),
  query: z.string().optional(),
  threshold: z.strictObject({ min: z.number().optional(), max: z.number().optional() }).optional(),
  script: z.string().optional(),
  timeout: duration.optional(),
  interval: duration.optional(),
  count: z.number().optional(),
  failures: z.number().optional(),
  failure_limit: z.number().optional(),
});

export type HealthCheckConfig = z.infer<typeof healthCheckSchema>;
