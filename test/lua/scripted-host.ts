/**
 * A host that answers by call name at once, for tests of the interpreter: it keeps what it was asked and what was printed.
 */
import type { Data, Host, ScriptResult, Step } from '../../src/lua/host.js';
import { runScript } from '../../src/lua/run-script.js';

export interface Ran {
  readonly result: ScriptResult;
  readonly steps: readonly Step[];
  /** Printed lines as they are, log lines with their level in front. */
  readonly lines: readonly string[];
  /** Pauses in ms. */
  readonly pauses: readonly number[];
}

/** @param answers by call, `gitops.sync_workflow`; an Error is thrown; any other call gets a table with an id */
export async function runLua(source: string, answers: Readonly<Record<string, Data | Error>> = {}): Promise<Ran> {
  const [steps, lines, pauses]: [Step[], string[], number[]] = [[], [], []];
  const host: Host = {
    execute: (step) => {
      steps.push(step);
      const answer = answers[step.call] ?? { workflow_id: 'workflow-1' };
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    sleep: (ms) => Promise.resolve(void pauses.push(ms)),
    log: ({ level, text }) => void lines.push(level === 'print' ? text : `${level.toUpperCase()} ${text}`),
    now: () => 1_790_000_000_000,
    random: () => 0.5,
  };
  return { result: await runScript({ name: 't.lua', source }, host), steps, lines, pauses };
}

export const failure = (code: string, message: string, hint?: string): Error =>
  Object.assign(new Error(message), { code, hint });
