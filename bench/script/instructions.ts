/**
 * What an instruction costs inside the workflow: CPU of the worker for a loop that adds numbers, less a run without it,
 * over the instructions that the loop is charged with. Pauses, which give other runs their turn, are told apart as wall time.
 */
import { measure, median } from '../measurement.js';
import { say, type Setting } from '../setting.js';
import { runScript } from './calls.js';

export interface InstructionResult {
  readonly instructions: number;
  /** CPU of the worker for one, in ns. */
  readonly nanoseconds: number;
  /** Of the whole loop, pauses included. */
  readonly seconds: number;
}

/** FORLOOP and ADD. */
const perRound = 2;
const repetitions = 3;

export async function measureInstructions(setting: Setting, instructions: number): Promise<InstructionResult> {
  say(`computing ${instructions} instructions`);
  const costs: { cpu: number; seconds: number }[] = [];
  for (let i = 0; i < repetitions; i++) {
    const without = await cost(setting, 0);
    const loop = await cost(setting, instructions / perRound);
    costs.push({ cpu: loop.cpu - without.cpu, seconds: loop.seconds - without.seconds });
  }
  const cpu = median(costs.map((one) => one.cpu));
  return { instructions, nanoseconds: (cpu / instructions) * 1e9, seconds: median(costs.map((one) => one.seconds)) };
}

async function cost(setting: Setting, rounds: number): Promise<{ cpu: number; seconds: number }> {
  const source = `local sum = 0 for i = 1, ${rounds} do sum = sum + i end`;
  const pids = { worker: setting.worker.pid };
  const { seconds, cpuSeconds } = await measure(() => runScript(setting, source), { pids });
  return { cpu: cpuSeconds['worker'] ?? 0, seconds };
}
