/**
 * What `run` and `plan` are given: the script, its values and its parameters, and what the configuration adds.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { readScriptFiles } from './script-files.js';
import { secretName } from '../lua/literal-secrets.js';
import type { ScriptInput } from '../workflows/messages.js';

export interface ScriptOptions {
  readonly file: string;
  readonly values?: string;
  readonly var: Record<string, string>;
  readonly param: Record<string, string>;
}

export function addScriptOptions(command: Command): Command {
  return command
    .requiredOption('-f, --file <file>', 'the script')
    .option('-v, --values <file>', 'YAML file that becomes the table "values"')
    .option('--var <key=value>', 'one field of "values"', collectPair, {})
    .option('--param <key=value>', 'one parameter of the tasks', collectPair, {});
}

/** @throws GitOpsError InvalidInput when a file cannot be read */
export function readScript(stack: string | undefined, options: ScriptOptions): ScriptInput & { name: string } {
  const path = resolve(options.file);
  const source = readText(path, 'script');
  const modules = readScriptFiles(basename(path), source, dirname(path));
  return {
    name: stack ?? basename(path),
    ...(stack === undefined ? {} : { file: basename(path) }),
    source,
    directory: dirname(path),
    ...(Object.keys(modules).length === 0 ? {} : { modules }),
    values: { ...readValues(options.values), ...options.var },
    params: options.param,
  };
}

/** What a run is given besides the script, and a plan as well. */
export function inContext<S extends ScriptInput>(script: S, config: Config, env: NodeJS.ProcessEnv): S {
  return { ...script, environment: allowed(config, env), ...destination(config) };
}

/** Applications that name no cluster go to the context that was asked for. */
function destination({ context }: Config): { cluster?: string } {
  return context === undefined ? {} : { cluster: context };
}

/** What os.getenv may answer, taken now: the allow-list of the configuration, but for what sounds secret. */
function allowed({ environmentAllowList }: Config, env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    environmentAllowList.flatMap((name) =>
      env[name] === undefined || secretName.test(name) ? [] : [[name, env[name]]],
    ),
  );
}

export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new GitOpsError('InvalidInput', `cannot read the ${what} ${path}`, {
      hint:
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? 'check the path; there is no such file'
          : (error as Error).message,
    });
  }
}

function readValues(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const values: unknown = parse(readText(resolve(file), 'values file'));
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values as Record<string, unknown>;
  throw new GitOpsError('InvalidInput', `${file} does not hold a table of values`, {
    hint: 'write "key: value" lines in it',
  });
}

/** @throws GitOpsError InvalidInput */
export function collectPair(pair: string, collected: Record<string, string>): Record<string, string> {
  const equals = pair.indexOf('=');
  if (equals <= 0) throw new GitOpsError('InvalidInput', `'${pair}' is not of the form key=value`);
  return { ...collected, [pair.slice(0, equals)]: pair.slice(equals + 1) };
}
