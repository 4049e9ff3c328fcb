/**
 * What the examples need: a home whose `https://github.com/company/...` are repositories made from
 * examples/repositories, and a cluster that holds none of their namespaces.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseInventory } from '../../src/domain/inventory.js';
import { tracking, type KubernetesObject } from '../../src/domain/object.js';
import { kubectl, kubectlJson } from './cluster.js';
import { openHome, runCommand, type CommandResult, type Home } from './home.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The manifests of the examples fix these. */
const namespaces = [
  'guestbook',
  'infrastructure',
  'infra',
  'development',
  'production',
  'shop-staging',
  'shop-production',
];

export interface ExampleHome extends Home {
  /** `sloth-runner run -f examples/<name>.lua`, typed in the project's folder. */
  runExample(name: string, ...args: string[]): Promise<CommandResult>;
}

export async function openExampleHome(): Promise<ExampleHome> {
  await kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait');
  await forgetExamples();
  const home = await openHome();
  const repositories = join(home.dir, 'repositories');
  execFileSync(process.execPath, [join(root, 'scripts/make-repositories.js'), repositories]);
  home.file('config.yaml', `url_rewrites:\n  https://github.com/company/: file://${repositories}/\n`);
  return {
    ...home,
    runExample: (name, ...args) => runCommand(['run', '-f', `examples/${name}.lua`, ...args], home.env, root),
  };
}

/** Their inventories, out of the engine's own namespace, where other tests have theirs at the same time. */
async function forgetExamples(): Promise<void> {
  const place = ['-n', tracking.systemNamespace];
  const found = await kubectlJson<{ items: KubernetesObject[] }>(
    'get',
    'configmaps',
    ...place,
    '-l',
    tracking.inventoryLabel,
  );
  const theirs = found.items.filter(holdsExamples).map(({ metadata }) => metadata.name);
  if (theirs.length > 0) await kubectl('delete', 'configmaps', ...place, ...theirs);
}

function holdsExamples(inventory: KubernetesObject): boolean {
  const objects = [...parseInventory('', inventory).objects.values()];
  return objects.some(({ kind, name, namespace = kind === 'Namespace' ? name : '' }) => namespaces.includes(namespace));
}

/** Lines (whole ones, or patterns) that come one after the other in what was printed. */
export function expectInOrder(lines: readonly string[], wanted: readonly (string | RegExp)[]): void {
  let from = 0;
  for (const part of wanted) {
    const at = lines.findIndex((line, i) => i >= from && (typeof part === 'string' ? line === part : part.test(line)));
    if (at < 0) throw new Error(`no line ${part} after line ${from} of what was printed:\n${lines.join('\n')}`);
    from = at + 1;
  }
}
