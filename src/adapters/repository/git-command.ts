/**
 * Runs git, and nothing but git: through simple-git, with an environment and configuration of our own, so that no
 * repository, user or system setting can make it run another program (threats T1 to T3, T24, T50).
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleGit, type SimpleGit } from 'simple-git';
import type { CredentialsReference } from '../../domain/application.js';
import type { ResolveSecret } from '../secrets/resolve-secret.js';

/** git is killed when it has said nothing for so long, in ms. */
const silenceMs = 20_000;

const fixedConfig = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'protocol.ext.allow=never',
  'http.followRedirects=false',
  'fetch.unpackLimit=1',
  'transfer.bundleURI=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'http.lowSpeedLimit=1000',
  'http.lowSpeedTime=15',
];

/** What simple-git refuses unless told: each is one of our own fixed settings, none comes from a user. */
const optIns = {
  allowUnsafeSshCommand: true,
  allowUnsafeAskPass: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeTemplateDir: true,
} as const;

export interface GitCommandOptions {
  readonly home: string;
  readonly protocols: readonly string[];
  readonly resolveSecret: ResolveSecret;
}

export class GitCommand {
  private readonly emptyHome: string;
  private readonly askpass: string;

  constructor(private readonly options: GitCommandOptions) {
    this.emptyHome = join(options.home, 'git-home');
    this.askpass = join(options.home, 'git-askpass.sh');
    mkdirSync(this.emptyHome, { recursive: true, mode: 0o700 });
    writeFileSync(this.askpass, askpassScript, { mode: 0o700 });
    chmodSync(this.askpass, 0o700);
  }

  /**
   * git with these credentials in that folder.
   * @param further environment that the command needs
   */
  async in(
    folder: string,
    credentials: CredentialsReference | undefined,
    signal: AbortSignal,
    further: Readonly<Record<string, string>> = {},
  ): Promise<SimpleGit> {
    const env = { ...this.baseEnvironment(), ...(await this.credentialEnvironment(credentials)), ...further };
    return simpleGit({
      baseDir: folder,
      abort: signal,
      timeout: { block: silenceMs },
      config: fixedConfig,
      unsafe: optIns,
      allowEnvironment: Object.keys(env),
    }).env(env);
  }

  /** A git that goes on reading its input, for a mirror: no network, so no credentials. */
  spawn(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const settings = fixedConfig.flatMap((setting) => ['-c', setting]);
    return spawn('git', [...settings, ...args], { cwd: folder, env: this.baseEnvironment(), stdio: 'pipe' });
  }

  private baseEnvironment(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: this.emptyHome,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_ALLOW_PROTOCOL: this.options.protocols.join(':'),
      ...networkEnvironment(),
    };
  }

  /** Secrets reach git through its environment: arguments are there for everybody to see. */
  private async credentialEnvironment(credentials: CredentialsReference | undefined): Promise<Record<string, string>> {
    const { resolveSecret } = this.options;
    switch (credentials?.type) {
      case 'token':
        return {
          GIT_ASKPASS: this.askpass,
          SLOTH_GIT_USER: credentials.username ?? 'x-access-token',
          SLOTH_GIT_PASSWORD: await resolveSecret(credentials.token),
        };
      case 'userpass':
        return {
          GIT_ASKPASS: this.askpass,
          SLOTH_GIT_USER: credentials.username,
          SLOTH_GIT_PASSWORD: await resolveSecret(credentials.password),
        };
      case 'ssh':
        return { GIT_SSH_COMMAND: sshCommand(await this.keyFile(credentials.sshKey)) };
      default:
        return { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=15' };
    }
  }

  /** ssh wants a file: the one a `file:` reference names, else a private copy. */
  private async keyFile(reference: string): Promise<string> {
    if (reference.startsWith('file:')) return reference.slice('file:'.length);
    const folder = join(this.options.home, 'ssh-keys');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, reference.replace(/[^\w.-]/g, '_'));
    writeFileSync(path, `${await this.options.resolveSecret(reference)}\n`, { mode: 0o600 });
    return path;
  }
}

const askpassScript = `#!/bin/sh
case "$1" in
  Username*) printf '%s' "$SLOTH_GIT_USER" ;;
  *) printf '%s' "$SLOTH_GIT_PASSWORD" ;;
esac
`;

function sshCommand(keyFile: string): string {
  const quoted = `'${keyFile.replace(/'/g, `'\\''`)}'`;
  return `ssh -oBatchMode=yes -oConnectTimeout=15 -oIdentitiesOnly=yes -oStrictHostKeyChecking=accept-new -i ${quoted}`;
}

/** Proxies and authorities of the worker hold for its git as well. */
function networkEnvironment(): Record<string, string> {
  const names = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'SSL_CERT_FILE', 'GIT_SSL_CAINFO'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
