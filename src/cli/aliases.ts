/**
 * The words people's fingers know (cli.md, "Aliases"): resolved before the command line is parsed, so help shows one
 * name for each thing.
 */

/** First word -> the words it stands for. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  sync: ['app', 'sync'],
  diff: ['app', 'diff'],
  get: ['app', 'get'],
  status: ['app', 'get'],
  list: ['app', 'list'],
  history: ['app', 'history'],
  rollback: ['app', 'rollback'],
  suspend: ['app', 'suspend'],
  resume: ['app', 'resume'],
  wait: ['app', 'wait'],
  reconcile: ['app', 'sync'],
  gitops: ['app'],
  stack: ['app'],
  wf: ['workflow'],
  approve: ['workflow', 'approve'],
  lint: ['validate'],
};

const valueOptions: ReadonlySet<string> = new Set([
  '--home',
  '--address',
  '--temporal-namespace',
  '--kubeconfig',
  '--context',
]);

export function resolveAliases(argv: readonly string[]): string[] {
  const at = firstWord(argv);
  const word = argv[at] ?? '';
  if (['workflow', 'wf'].includes(word) && argv[at + 1] === 'preview')
    return [...argv.slice(0, at), 'plan', ...argv.slice(at + 2)];
  const target = Object.hasOwn(aliases, word) ? aliases[word] : undefined;
  return target === undefined ? [...argv] : [...argv.slice(0, at), ...target, ...argv.slice(at + 1)];
}

/** Index of the first argument that is neither an option nor an option's value. */
function firstWord(argv: readonly string[]): number {
  let index = 0;
  while (index < argv.length && argv[index]?.startsWith('-')) index += valueOptions.has(argv[index] ?? '') ? 2 : 1;
  return index;
}
