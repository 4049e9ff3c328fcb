/** `approval_required` of `gitops.workflow`. */
import { z } from 'zod';
import { duration } from './duration.js';

export const approvalSchema = z.union([
  z.boolean(),
  z.strictObject({
    approvals: z.number().optional().describe('how many different people; 1 unless said otherwise'),
    two_person: z.boolean().optional().describe('whoever asks for a sync may not approve it'),
    expires: duration.optional().describe('then the sync ends unapproved; never unless said otherwise'),
    approvers: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('who may approve; everybody unless said otherwise'),
  }),
]);

export type ApprovalConfig = z.infer<typeof approvalSchema>;
