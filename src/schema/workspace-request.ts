/** What the tasks of a workflow ask of the folder of the run. */
import { z } from 'zod';

export const workspaceRequestSchema = z.strictObject({
  task: z.string().describe('name of the task'),
  globs: z.array(z.string()).optional().describe('which files, relative to the workdir of the task'),
  from: z.array(z.string()).optional().describe('tasks whose files are wanted'),
});
