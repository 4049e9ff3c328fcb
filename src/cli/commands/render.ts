/**
 * `render APP|PATH`: manifests as they would be applied. A path needs neither server nor cluster.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import { renderTypes, type HelmOptions, type RenderOptions, type RenderType } from '../../domain/render-options.js';
import type { RenderedSet } from '../../domain/rendered-set.js';
import { withSession, type CommandEnvironment } from '../environment.js';
import { formatManifests, manifestFormat } from '../show-manifests.js';

interface RenderFlags {
  readonly revision?: string;
  readonly type?: RenderType;
  readonly values?: readonly string[];
  readonly namespace?: string;
  readonly releaseName?: string;
  readonly kubeVersion?: string;
  readonly output: string;
}

interface Rendered {
  readonly set: RenderedSet;
  readonly warnings: readonly string[];
}

export function addRenderCommand(program: Command, environment: CommandEnvironment): void {
  program
    .command('render')
    .description('manifests as they would be applied, values of Secrets masked')
    .argument('<app|path>', 'a folder or file that exists, else the name or id of an application')
    .option('--revision <rev>', 'of an application: branch, tag or commit instead of the tracked branch')
    .addOption(new Option('--type <type>', 'of a path: instead of what it holds').choices([...renderTypes]))
    .option(
      '--values <file>',
      'of a chart: values (repeatable, the later wins)',
      (file: string, all: string[] = []) => [...all, file],
    )
    .option('--namespace <name>', 'of a chart: where it would be installed')
    .option('--release-name <name>', 'of a chart: name of the release, default the name of the folder')
    .option('--kube-version <version>', 'of a chart: version of Kubernetes it may ask for')
    .option('-o, --output <format>', 'yaml, json or name', 'yaml')
    .action(async (what: string, flags: RenderFlags, command: Command) => {
      const format = manifestFormat(flags.output);
      const { set, warnings } = isPath(what)
        ? await ofPath(what, flags)
        : await ofApplication(what, flags, command, environment);
      const { terminal } = environment;
      for (const warning of warnings) terminal.error(`${terminal.paint.yellow('warning:')} ${warning}`);
      if (set.length > 0) terminal.print(formatManifests(set, format));
    });
}

/** What looks like a path and is not there is no application either: a typing error must not start a server. */
function isPath(text: string): boolean {
  return existsSync(text) || /^\.{0,2}\/|\/.*\/|^\.{1,2}$|\/$|\.(ya?ml|json)$/i.test(text);
}

async function ofPath(path: string, flags: RenderFlags): Promise<Rendered> {
  refuse(flags, ['revision'], 'a path');
  const [{ renderFolder }, { inApplyOrder }] = await Promise.all([
    import('../../adapters/render/render-folder.js'),
    import('../../domain/rendered-set.js'),
  ]);
  const { namespace, values = [] } = flags;
  const extraValues = await Promise.all(values.map(async (file) => ({ path: file, bytes: await readValues(file) })));
  const { objects, warnings } = await renderFolder(path, optionsOf(flags), { namespace, extraValues });
  if (objects.length === 0)
    throw new GitOpsError('RenderFailed', `${path} holds no manifests`, {
      hint: 'check the path; plain files end in .yaml, .yml or .json',
    });
  return { set: inApplyOrder(objects), warnings };
}

function optionsOf({ type, releaseName, kubeVersion, namespace }: RenderFlags): RenderOptions {
  const helm: HelmOptions = {
    ...(releaseName === undefined ? {} : { releaseName }),
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { ...(type === undefined ? {} : { type }), helm };
}

async function readValues(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new GitOpsError('InvalidInput', `cannot read the values file ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function ofApplication(
  app: string,
  flags: RenderFlags,
  command: Command,
  environment: CommandEnvironment,
): Promise<Rendered> {
  refuse(flags, ['type', 'values', 'namespace', 'releaseName', 'kubeVersion'], 'an application');
  const { revision } = flags;
  return withSession(command, environment, ({ client }) =>
    client.render(app, revision === undefined ? {} : { revision }),
  );
}

function refuse(flags: RenderFlags, foreign: readonly (keyof RenderFlags)[], what: string): void {
  const flag = foreign.find((name) => flags[name] !== undefined);
  if (flag === undefined) return;
  const written = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new GitOpsError('InvalidInput', `--${written} has no meaning for ${what}`, {
    hint: what === 'a path' ? 'check the revision out first' : 'its declaration says how it is rendered',
  });
}
