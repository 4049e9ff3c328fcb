/**
 * `repo list`, `repo add`, `repo remove`: the repositories that are registered or followed.
 */
import type { Command } from 'commander';
import { GitOpsError } from '../../domain/errors.js';
import type { RepositoryConfig } from '../../schema/repository-config.js';
import type { RepositoryMemo } from '../../workflows/messages.js';
import { withSession, type CommandEnvironment } from '../environment.js';
import { formatList, outputFormat, type Column } from '../table.js';

const columns: readonly Column<RepositoryMemo>[] = [
  { title: 'ID', value: (r) => r.id },
  { title: 'URL', value: (r) => r.url },
  { title: 'FOLLOWERS', value: (r) => String(r.followers ?? 0) },
  { title: 'STATE', value: (r) => r.unreachable ?? 'ok' },
  { title: 'BRANCHES', value: (r) => (r.branches.length > 0 ? r.branches.join(',') : (r.branch ?? '')), wide: true },
  { title: 'CREDENTIALS', value: (r) => r.credentials?.type ?? 'none', wide: true },
];

export function addRepoCommands(program: Command, environment: CommandEnvironment): void {
  const repo = program.command('repo').description('repositories: registered, or followed by applications');
  addList(repo, environment);
  addAdd(repo, environment);
  addRemove(repo, environment);
}

function addList(repo: Command, environment: CommandEnvironment): void {
  repo
    .command('list')
    .description('the repositories, their followers, and whether they answered when last looked at')
    .option('-o, --output <format>', 'table, wide, json, yaml or name', 'table')
    .action((options: { output: string }, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        const format = outputFormat(options.output);
        const found = await client.repositories.list();
        environment.terminal.print(formatList(found.sort(byUrl), columns, format));
      }),
    );
}

interface AddOptions {
  readonly id?: string;
  readonly branch?: string;
  readonly sshKey?: string;
  readonly token?: string;
  readonly username?: string;
  readonly password?: string;
}

function addAdd(repo: Command, environment: CommandEnvironment): void {
  repo
    .command('add')
    .description('register a repository, once it has answered and has the branch')
    .argument('<url>', 'https, ssh, owner/name or a path')
    .option('--id <id>', 'the name declarations use; made from the address when absent')
    .option('--branch <branch>', 'the branch of applications that name none', 'main')
    .option('--ssh-key <ref>', 'where the key lies: file:PATH, env:NAME or secret:NAME')
    .option('--token <ref>', 'where the token lies')
    .option('--username <name>', 'with a password, or where the host wants one beside the token')
    .option('--password <ref>', 'where the password lies')
    .action((url: string, options: AddOptions, command: Command) => {
      const config = configOf(url, options);
      return withSession(command, environment, async ({ client }) =>
        environment.terminal.print(await client.repositories.add(config, process.cwd())),
      );
    });
}

function configOf(url: string, { id, branch, ...given }: AddOptions): RepositoryConfig {
  const credentials = credentialsOf(given);
  return {
    url,
    ...(id === undefined ? {} : { id }),
    ...(branch === undefined ? {} : { branch }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

/** References alone: what a command line holds is seen by everybody on the machine. */
function credentialsOf({
  sshKey,
  token,
  username,
  password,
}: Omit<AddOptions, 'id' | 'branch'>): RepositoryConfig['credentials'] {
  const named = username === undefined ? {} : { username };
  const kinds = [
    sshKey && ({ type: 'ssh', ssh_key: reference('--ssh-key', sshKey) } as const),
    token && ({ type: 'token', token: reference('--token', token), ...named } as const),
    password && ({ type: 'userpass', password: reference('--password', password), ...named } as const),
  ].filter((kind) => kind !== undefined && kind !== '');
  if (kinds.length > 1)
    throw new GitOpsError('InvalidInput', '--ssh-key, --token and --password exclude each other', {
      hint: 'give one of them',
    });
  return kinds[0];
}

function reference(flag: string, text: string): string {
  if (/^(file|env|secret):./.test(text)) return text;
  throw new GitOpsError('LiteralSecret', `${flag} takes the place of a secret, not the secret`, {
    hint: `write ${flag} file:PATH, ${flag} env:NAME or ${flag} secret:NAME: the worker looks it up`,
  });
}

function addRemove(repo: Command, environment: CommandEnvironment): void {
  repo
    .command('remove')
    .description('forget a repository that no application uses')
    .argument('<id>', 'its id')
    .action((id: string, _options: unknown, command: Command) =>
      withSession(command, environment, async ({ client }) => {
        await client.repositories.remove(id);
        environment.terminal.print(`${id} removed`);
      }),
    );
}

function byUrl(a: RepositoryMemo, b: RepositoryMemo): number {
  return a.url.localeCompare(b.url) || a.id.localeCompare(b.id);
}
