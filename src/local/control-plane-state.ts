import { readFileSync, renameSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { GitOpsError } from '../domain/errors.js';
import { writePrivate, type ControlPlaneLayout } from './control-plane-layout.js';
import { isRunning } from './process-identity.js';

const stateSchema = z.object({
  version: z.literal(1),
  serverUrl: z.string(),
  processes: z.array(
    z.object({ name: z.string(), pid: z.int().positive(), startedAt: z.string().optional(), logFile: z.string() }),
  ),
});

/** What `control-plane.json` says about a control plane that was started in the folder. */
export type ControlPlaneState = z.infer<typeof stateSchema>;

/** Written after each process that starts, so that a start cut short can still be stopped. */
export function writeState(layout: ControlPlaneLayout, state: ControlPlaneState): void {
  const aside = `${layout.state}.new`;
  writePrivate(aside, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(aside, layout.state);
}

/** The state, or undefined when nothing was started here. Throws `LocalClusterFailed` when the file is damaged. */
export function readState(layout: ControlPlaneLayout): ControlPlaneState | undefined {
  let text: string;
  try {
    text = readFileSync(layout.state, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new GitOpsError('LocalClusterFailed', `${layout.state} is damaged`, {
      hint: `end the processes that name ${layout.dir} in their arguments, then remove the folder`,
      retryable: false,
      cause,
    });
  }
}

/** Forgets the processes; called once they are gone. */
export function removeState(layout: ControlPlaneLayout): void {
  rmSync(layout.state, { force: true });
}

/** The recorded processes that still run. */
export function runningProcesses(state: ControlPlaneState): ControlPlaneState['processes'] {
  return state.processes.filter((one) => isRunning({ pid: one.pid, startedAt: one.startedAt }));
}
