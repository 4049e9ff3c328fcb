/**
 * `run -f FILE`: submits a Lua script as a durable workflow and shows what it prints until it ends. Ctrl-C detaches:
 * the run goes on.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../config/config.js';
import type { NumberedLine, ScriptInput } from '../../workflows/messages.js';
import { caller, configOf, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes } from '../failure.js';
import { QuestionDesk } from '../question-desk.js';
import { printSummary } from '../script-summary.js';
import { addScriptOptions, inContext, readScript, type ScriptOptions } from '../script-source.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';

interface RunOptions extends ScriptOptions {
  readonly plan?: string;
  readonly dryRun?: boolean;
  readonly detach?: boolean;
  readonly ephemeral?: boolean;
  readonly localCluster?: boolean;
  readonly yes?: boolean;
  readonly interactive?: boolean;
  readonly output: string;
}

export function addRunCommand(program: Command, environment: CommandEnvironment, exit: SetExit): void {
  addScriptOptions(program.command('run'))
    .description('run a Lua script as a durable workflow')
    .argument('[stack]', 'name of the run, default the name of the file')
    .option('--plan <file>', 'a plan of this script (plan -o json); another script or other values are refused')
    .option('--dry-run', 'perform nothing: plan --live')
    .option('--detach', 'submit and return')
    .option('--ephemeral', 'use a server of its own that ends with the run')
    .option('--local-cluster', 'use the local control plane, started if need be')
    .option('--yes', 'answer every question with yes')
    .option('--interactive', 'ask before each task: continue, skip or abort')
    .option('-o, --output <style>', 'basic, enhanced, rich, modern, json or jsonl', 'basic')
    .action(async (stack: string | undefined, options: RunOptions, command: Command) => {
      const { terminal, env } = environment;
      const asked = configOf(command, environment);
      const script = inContext(readScript(stack, options), asked, env);
      if (options.plan !== undefined) (await import('../plan-file.js')).checkAgainstPlan(options.plan, script);
      if (options.dryRun) return exit(await dryRun(script, asked, terminal));
      const config = await prepare(asked, options, terminal);
      const input = { ...inContext(script, config, env), who: caller(env), ...answering(options) };
      exit(await runScript(config, input, options, terminal));
    });
}

/** Who answers what the script asks. */
function answering({ yes, interactive }: RunOptions): Pick<ScriptInput, 'yes' | 'interactive'> {
  return { ...(yes ? { yes } : {}), ...(interactive ? { interactive } : {}) };
}

async function dryRun(script: ScriptInput & { name: string }, config: Config, terminal: Terminal): Promise<number> {
  const { showPlan } = await import('../show-plan.js');
  return showPlan(script, { live: true, output: 'tree' }, config, terminal);
}

/** Checks what can be checked before anything is sent: the context exists, the local cluster is up. */
async function prepare(config: Config, options: RunOptions, terminal: Terminal): Promise<Config> {
  if (options.localCluster) {
    const { ensureLocalCluster } = await import('../local-cluster.js');
    await ensureLocalCluster(config.home, terminal);
    return { ...config, context: 'local' };
  }
  if (config.context !== undefined) {
    const { checkContext } = await import('../check-context.js');
    await checkContext(config, config.context);
  }
  return config;
}

async function runScript(
  config: Config,
  input: ScriptInput & { name: string },
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const { openSession } = await import('../session.js');
  if (!options.ephemeral) return submit(await openSession(config, terminal), input, options, terminal);
  const { startDevServer } = await import('../dev-server.js');
  const home = join(tmpdir(), `sloth-runner-${randomUUID()}`);
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  const logFile = join(config.home, 'ephemeral.log');
  const server = await startDevServer({ ...config, home }, terminal, { ui: false, logFile });
  terminal.note(`the engine's own messages go to ${logFile}`);
  try {
    const session = await openSession(
      { ...config, home, temporal: { ...config.temporal, address: server.address } },
      terminal,
    );
    return await submit(session, input, options, terminal);
  } finally {
    await server.stop({ removeHome: true });
  }
}

async function submit(
  session: Session,
  input: ScriptInput & { name: string },
  options: RunOptions,
  terminal: Terminal,
): Promise<number> {
  const { client } = session;
  try {
    const run = await client.scripts.start(input);
    terminal.note(`workflow ${run.workflowId}`);
    if (options.detach) {
      terminal.print(run.workflowId);
      return exitCodes.ok;
    }
    const detached = await follow(session, run.workflowId, options, terminal, input.who ?? 'unknown');
    if (detached) return exitCodes.interrupted;
    const outcome = await client.scripts.result(run);
    printSummary(outcome, session.uiUrl, run.workflowId, options.output, terminal);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** Prints lines as they come. @returns true when the person pressed Ctrl-C */
async function follow(
  { client }: Session,
  workflowId: string,
  options: RunOptions,
  terminal: Terminal,
  who: string,
): Promise<boolean> {
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  const desk = new QuestionDesk(client, workflowId, who, terminal);
  process.once('SIGINT', onInterrupt);
  try {
    for await (const line of client.scripts.follow({ workflowId }, stop.signal, desk.show))
      printLine(line, options.output, terminal);
  } finally {
    process.removeListener('SIGINT', onInterrupt);
    desk.close();
  }
  if (stop.signal.aborted)
    terminal.error(`detached; the run goes on: sloth-runner workflow show ${workflowId} --follow`);
  return stop.signal.aborted;
}

function printLine(line: NumberedLine, output: string, terminal: Terminal): void {
  if (output === 'json') return;
  if (output === 'jsonl') return terminal.print(JSON.stringify({ type: 'line', ...line }));
  terminal.print(line.level === 'print' ? line.text : `${level(line.level, terminal)} ${line.text}`);
}

function level(name: NumberedLine['level'], { paint }: Terminal): string {
  const colours: Partial<Record<NumberedLine['level'], (text: string) => string>> = {
    error: paint.red,
    warn: paint.yellow,
    success: paint.green,
    info: paint.cyan,
  };
  return (colours[name] ?? paint.dim)(name.toUpperCase());
}
