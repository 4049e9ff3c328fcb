/**
 * What every command gets: the terminal, the configuration, and sessions on demand.
 */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { loadConfig, type Config } from '../config/config.js';
import type { Session } from './session.js';
import type { Terminal } from './terminal.js';

export interface GlobalOptions {
  readonly address?: string;
  readonly temporalNamespace?: string;
  readonly home?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly debug?: boolean;
}

export interface CommandEnvironment {
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
}

export function configOf(command: Command, { env }: CommandEnvironment): Config {
  const { home, address, temporalNamespace, kubeconfig, context } = command.optsWithGlobals<GlobalOptions>();
  const flags = { home, address, temporalNamespace, kubeconfig, context };
  return loadConfig({ flags, env });
}

/** What a command calls to end with another exit code than 0. */
export type SetExit = (code: number) => void;

/** Runs with a connected client and closes it afterwards. */
export async function withSession<T>(
  command: Command,
  environment: CommandEnvironment,
  run: (session: Session, config: Config) => Promise<T>,
): Promise<T> {
  const config = configOf(command, environment);
  const { context } = command.optsWithGlobals<GlobalOptions>();
  if (context !== undefined) await (await import('./check-context.js')).checkContext(config, context);
  const { openSession } = await import('./session.js'); // loads Temporal's client: not for --help
  const session = await openSession(config, environment.terminal);
  try {
    return await run(session, config);
  } finally {
    await session.close();
  }
}

/** Who asks, for the record: the login name on this machine. */
export function caller(env: NodeJS.ProcessEnv): string {
  return env['SLOTH_USER'] ?? safeUserName() ?? 'unknown';
}

function safeUserName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
