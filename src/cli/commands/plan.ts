/**
 * `plan -f FILE`: what a script would do, performing nothing. Needs no server, unless `--live` asks for one.
 */
import { Option, type Command } from 'commander';
import { configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { addScriptOptions, inContext, readScript, type ScriptOptions } from '../script-source.js';
import type { PlanOutput } from '../show-plan.js';

interface PlanOptions extends ScriptOptions {
  readonly live?: boolean;
  readonly output: PlanOutput;
}

export function addPlanCommand(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  addScriptOptions(program.command('plan'))
    .description('the steps and the task graph of a script, performing nothing; alias: workflow preview')
    .argument('[stack]', 'name of the run, default the name of the file')
    .option('--live', 'ask the engine what can be asked: status, diff, list, history')
    .addOption(
      new Option('-o, --output <format>', 'format').choices(['tree', 'json', 'yaml', 'mermaid']).default('tree'),
    )
    .action(async (stack: string | undefined, options: PlanOptions, command: Command) => {
      const config = configOf(command, environment);
      const script = inContext(readScript(stack, options), config, environment.env);
      const { showPlan } = await import('../show-plan.js');
      exit(await showPlan(script, options, config, environment.terminal));
    });
}
