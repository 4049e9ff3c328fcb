/**
 * `gitops.promote{...}`: environments in their order, and what each must pass. Which fields go together is checked where
 * the plan is made (`src/client/promotion-plan.ts`).
 */
import { z } from 'zod';
import { duration } from './duration.js';
import { healthCheckSchema } from './health-checks.js';

const gates = {
  hold: duration.optional().describe('how long it must be healthy without a break before the next environment'),
  checks: z.array(healthCheckSchema).optional().describe('what is asked besides the objects, once these are healthy'),
  gate_timeout: duration
    .optional()
    .describe('how long hold and checks may take; the hold and 10m unless said otherwise'),
};

const approvalSchema = z.union([
  z.boolean(),
  z.strictObject({
    expires: duration.optional().describe('an answer that has not come by then is a refusal'),
    two_person: z.boolean().optional().describe('whoever asked for the promotion may not approve it'),
  }),
]);

const stageSchema = z.union([
  z.string(),
  z.strictObject({
    app: z.string().describe('name or id of the application'),
    approval: approvalSchema.optional().describe('a person says yes before it is touched'),
    ...gates,
  }),
]);

export const promotionConfigSchema = z.object({
  from: stageSchema.optional().describe('the application whose commit is promoted'),
  to: z
    .union([stageSchema, z.array(stageSchema)])
    .optional()
    .describe('where it goes: one application, or a list in order'),
  environments: z.array(stageSchema).optional().describe('from and to in one list, the source first'),
  name: z.string().optional().describe('name of the pipeline; that of the last application unless said otherwise'),
  revision: z
    .string()
    .optional()
    .describe('a commit the source has had healthy; the one it runs unless said otherwise'),
  carry: z
    .enum(['commit', 'set'])
    .optional()
    .describe('what moves: the commit, rendered by each environment, or the very objects the source runs'),
  on_failure: z
    .enum(['stop', 'rollback'])
    .optional()
    .describe('rollback brings the environments changed so far back; stop unless said otherwise'),
  ...gates,
  approval: approvalSchema.optional().describe('a person says yes before each environment'),
  timeout: duration.optional().describe('how long the script waits; the promotion goes on'),
  wait: z.boolean().optional().describe('false: give back at once, the promotion goes on'),
});

export type PromotionConfig = z.infer<typeof promotionConfigSchema>;
export type StageConfig = z.infer<typeof stageSchema>;
