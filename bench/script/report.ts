/** The results as tables. */
import { median } from '../measurement.js';
import { fixed, table } from '../results.js';
import type { CallResults, RunCost } from './calls.js';
import type { InstructionResult } from './instructions.js';
import type { MemoryResult } from './memory.js';
import type { ReplayResult } from './replay.js';

export interface ScriptResults {
  readonly calls: CallResults;
  readonly instructions: InstructionResult;
  readonly memory: MemoryResult;
  readonly replay: ReplayResult;
}

export function report({ calls, instructions, memory, replay }: ScriptResults): string {
  const ratios = calls.ratios.map((r) => fixed(r)).join(' ');
  const { open, before, after, perScriptMb } = memory;
  return [
    runs(calls),
    '',
    perCall(calls),
    '',
    `status call / bare remote activity: median ${fixed(median(calls.ratios))} (${ratios})`,
    `an instruction: ${fixed(instructions.nanoseconds, 0)} ns of CPU (${instructions.instructions} in ${fixed(instructions.seconds)} s with pauses)`,
    `replay of ${replay.calls} calls (${replay.events} events): ${fixed(replay.seconds)} s, of 1 call ${fixed(replay.shortSeconds)} s; bare workflow with as many activities: ${fixed(replay.bareSeconds)} s`,
    `memory: ${fixed(perScriptMb)} MB an open script (${open} scripts: ${fixed(before.held, 0)} to ${fixed(after.held, 0)} MB held, ${fixed(before.resident, 0)} to ${fixed(after.resident, 0)} MB resident)`,
  ].join('\n');
}

function runs({ runs: r, lines, calls, rounds }: CallResults): string {
  const cells = ({ seconds, workerCpu, temporalCpu, events }: RunCost): string[] => [
    fixed(seconds),
    fixed(workerCpu),
    fixed(temporalCpu),
    String(events),
  ];
  return table([
    [`whole runs, median of ${rounds} rounds`, 'seconds', 'CPU-s workers', 'CPU-s Temporal', 'events'],
    [`script: ${lines} lines`, ...cells(r.lines)],
    [`script: ${lines} lines, ${calls} status calls`, ...cells(r.script)],
    [`bare: ${calls} activities that do nothing`, ...cells(r.bare)],
    [`bare: ${calls} activities that query a workflow`, ...cells(r.query)],
  ]);
}

function perCall({ perCall: p }: CallResults): string {
  const cells = ({ seconds, workerCpu, temporalCpu, events }: RunCost): string[] => [
    fixed(1000 * seconds, 1),
    fixed(1000 * workerCpu, 1),
    fixed(1000 * temporalCpu, 1),
    fixed(events, 1),
  ];
  return table([
    ['per call', 'ms', 'CPU-ms workers', 'CPU-ms Temporal', 'events'],
    ['status call of a script', ...cells(p.script)],
    ['bare activity that does nothing', ...cells(p.bare)],
    ['bare activity that queries a workflow', ...cells(p.query)],
  ]);
}
