/**
 * `app drift`: whether the live objects are what the last sync left. Exits 0 when they are, 1 when not, 2 when nobody
 * can say.
 */
import type { Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import type { DriftSweepResult } from '../../workflows/drift-sweep.js';
import { withSession, type CommandEnvironment, type SetExit } from '../environment.js';
import { exitCodes, reportFailure } from '../failure.js';
import { formatOne, outputFormat } from '../table.js';

export function addDrift(app: Command, environment: CommandEnvironment, exit: SetExit): void {
  app
    .command('drift')
    .description('look now whether live objects differ from what the last sync left; exits 1 when they do, 2 on errors')
    .argument('<name>', 'name or id')
    .option('-o, --output <format>', 'table, json or yaml', 'table')
    .action(async (name: string, options: { output: string }, command: Command) => {
      try {
        exit(await drift(name, options.output, command, environment));
      } catch (error) {
        reportFailure(error, environment.terminal, command.optsWithGlobals<{ debug?: boolean }>().debug);
        exit(exitCodes.usage);
      }
    });
}

function drift(name: string, output: string, command: Command, environment: CommandEnvironment): Promise<number> {
  const format = outputFormat(output);
  return withSession(command, environment, async ({ client }) => {
    environment.terminal.note(`comparing ${name} with what its last sync left ...`);
    const result = await client.lookForDrift(name);
    requireVerdict(name, result);
    const [found] = result.drifted;
    environment.terminal.print(formatOne({ drifted: found !== undefined, ...found }, format, () => describe(found)));
    return found === undefined ? exitCodes.ok : exitCodes.failed;
  });
}

function describe(found: DriftSweepResult['drifted'][number] | undefined): string {
  if (found === undefined) return 'no drift';
  const more = found.count > found.fields.length ? [`and ${found.count - found.fields.length} more`] : [];
  return [`${found.count} drifted`, ...found.fields, ...more].join('\n  ');
}

/** @throws GitOpsError when nothing could be compared */
function requireVerdict(name: string, { applications, unknown }: DriftSweepResult): void {
  const [why] = unknown;
  if (why !== undefined) throw new GitOpsError('ClusterUnreachable', why);
  if (applications > 0) return;
  throw new GitOpsError('UnknownSync', `nobody can say what ${name} should be: no sync has brought its set in whole`, {
    hint: `sloth-runner app get ${name} tells how the last one ended; if one runs now, ask again after it`,
  });
}
