/** Options of exec.run (lua-api.md section 4). */
import { z } from 'zod';
import { duration } from './duration.js';

export const execOptionsSchema = z.strictObject({
  workdir: z.string().optional().describe("where it runs, relative to the run's folder or to the task's workdir"),
  env: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).meta({ interpolated: true }))
    .optional()
    .describe('further environment; a value may be secret("name"), "Bearer " .. secret("name") or "env:NAME"'),
  timeout: duration.optional().describe('the command and all it started are ended after that; "5m", or seconds'),
  stdin: z.string().optional().describe('what the command reads'),
});

export type ExecOptions = z.infer<typeof execOptionsSchema>;
