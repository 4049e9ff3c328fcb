/**
 * SIGKILL of one process of a control plane, and its return with the same arguments on the same ports and data.
 */
import { readFileSync } from 'node:fs';
import { controlPlaneLayout } from '../../src/local/control-plane-layout.js';
import type { PartName } from '../../src/local/control-plane-processes.js';
import { readState, writeState } from '../../src/local/control-plane-state.js';
import { startProcess } from '../../src/local/process-group.js';
import { signal } from '../../src/local/process-identity.js';

/** Ends the part at once; resolves to a function that starts it again and does not wait until it is ready. */
export function killPart(dir: string, part: PartName): () => Promise<void> {
  const layout = controlPlaneLayout(dir);
  const running = readState(layout)?.processes.find(({ name }) => name === part);
  if (running === undefined) throw new Error(`no ${part} runs in ${dir}`);
  const { pid, startedAt, logFile } = running;
  const [command = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  signal({ pid, startedAt }, 'SIGKILL');
  return async () => {
    const started = await startProcess({ name: part, command, args, env: { HOME: dir }, logFile, detached: false });
    const state = readState(layout);
    if (state === undefined) throw new Error(`${dir} has no state`);
    const others = state.processes.filter(({ name }) => name !== part);
    writeState(layout, { ...state, processes: [...others, started] });
  };
}
