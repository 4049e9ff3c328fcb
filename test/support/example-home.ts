/**
 * What the examples need: a home whose `https://github.com/company/...` are repositories made from
 * examples/repositories, and a cluster that holds none of their namespaces.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubectl } from './cluster.js';
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
  'sloth-runner-system',
];

export interface ExampleHome extends Home {
  /** `sloth-runner run -f examples/<name>.lua`, typed in the project's folder. */
  runExample(name: string, ...args: string[]): Promise<CommandResult>;
}

export async function openExampleHome(): Promise<ExampleHome> {
  await kubectl('delete', 'namespace', ...namespaces, '--ignore-not-found', '--wait');
  const home = await openHome();
  const repositories = join(home.dir, 'repositories');
  execFileSync(process.execPath, [join(root, 'scripts/make-repositories.js'), repositories]);
  home.file('config.yaml', `url_rewrites:\n  https://github.com/company/: file://${repositories}/\n`);
  return {
    ...home,
    runExample: (name, ...args) => runCommand(['run', '-f', `examples/${name}.lua`, ...args], home.env, root),
  };
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
