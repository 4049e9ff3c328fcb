/**
 * `sloth-runner`: the command table of docs/cli.md. Each command is a file in `commands/`, which loads what it needs
 * when it is used, so that `--help` and `--version` answer at once.
 */
import { Command } from 'commander';
import { addAppCommands } from './commands/app.js';
import { addClusterCommands } from './commands/cluster.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addHealthCommand } from './commands/health.js';
import { addLocalClusterCommands } from './commands/local-cluster.js';
import { addLuaCommands } from './commands/lua.js';
import { addPlanCommand } from './commands/plan.js';
import { addPromoteCommand } from './commands/promote.js';
import { addRenderCommand } from './commands/render.js';
import { addRepoCommands } from './commands/repo.js';
import { addRunCommand } from './commands/run.js';
import { addServerCommands } from './commands/server.js';
import { addValidateCommand } from './commands/validate.js';
import { addWorkflowCommands } from './commands/workflow.js';
import { resolveAliases } from './aliases.js';
import type { CommandEnvironment, SetExit } from './environment.js';
import { reportFailure } from './failure.js';
import { packageVersion } from './package-version.js';
import { processTerminal } from './terminal.js';

/** Runs one command line and gives its exit code. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const environment: CommandEnvironment = { terminal: processTerminal(env), env };
  let code = 0;
  const program = buildProgram(environment, (exit) => (code = exit));
  try {
    await program.parseAsync(resolveAliases(argv), { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(error, environment.terminal, argv.includes('--debug'));
  }
}

export function buildProgram(environment: CommandEnvironment, exit: SetExit): Command {
  const program = new Command('sloth-runner')
    .description('Native GitOps as durable workflows on Temporal, scripted in Lua')
    .version(packageVersion())
    .option('--home <dir>', 'state of the local server, default ~/.sloth-runner (SLOTH_HOME)')
    .option('--address <host:port>', 'address of Temporal (TEMPORAL_ADDRESS)')
    .option('--temporal-namespace <name>', 'namespace of Temporal (TEMPORAL_NAMESPACE)')
    .option('--kubeconfig <file>', 'kubeconfig of the clusters (KUBECONFIG)')
    .option('--context <name>', 'kubeconfig context of the default cluster')
    .option('--debug', 'print stacks of errors')
    .addHelpText('after', exitCodeHelp)
    .showSuggestionAfterError()
    .exitOverride();
  for (const add of [
    addRunCommand,
    addPlanCommand,
    addRenderCommand,
    addHealthCommand,
    addValidateCommand,
    addLuaCommands,
    addAppCommands,
    addPromoteCommand,
    addWorkflowCommands,
    addServerCommands,
    addRepoCommands,
    addClusterCommands,
    addLocalClusterCommands,
    addDoctorCommand,
  ]) {
    add(program, environment, exit);
  }
  return program;
}

const exitCodeHelp = `
Exit codes: 0 fine, 1 failed or differs, 2 wrong usage or configuration, 3 not allowed, 4 not found, 5 timeout (the work
goes on), 6 applied but degraded, 7 refused by policy, gate or suspended, 8 conflict, 130 interrupted.`;
