/**
 * execCommand: one shell line of a script, in the folder of its run. It runs at most once: a shell line is not
 * idempotent.
 */
import { stat } from 'node:fs/promises';
import pLimit from 'p-limit';
import { putJson } from '../adapters/artifacts/artifact-store.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { runCommand, type CommandEnd, type CommandOutcome } from '../adapters/shell/run-command.js';
import { bash } from '../adapters/shell/shell-process.js';
import type { RunFolder } from '../adapters/workspace/run-folder.js';
import { GitOpsError } from '../domain/errors.js';
import { maskSecrets } from '../domain/redaction.js';
import type { MaybeSecret } from '../domain/secret-text.js';
import { textLimit, textLimitBytes } from '../domain/text-limits.js';
import { withHeartbeat } from './heartbeat.js';
import { answerOf, type FolderAnswer, type FolderDependencies } from './run-folder.js';
import { resolveTexts } from './secret-values.js';
import { heldTexts, textOf, type HeldText, type PassedText } from './texts.js';

export interface ExecDependencies extends FolderDependencies {
  readonly shellAllowed: boolean;
  readonly resolveSecret: ResolveSecret;
}

export interface ExecInput {
  readonly folder: string;
  readonly step: string;
  readonly command: PassedText;
  /** Relative to the folder of the run. */
  readonly workdir?: string;
  /** Values may be references to secrets, or texts with some in them. */
  readonly env: Readonly<Record<string, MaybeSecret>>;
  readonly timeoutMs?: number;
  readonly stdin?: PassedText;
}

export interface ExecResult {
  readonly stdout: HeldText;
  readonly stderr: HeldText;
  /** -1 when the command did not end by itself. */
  readonly exit_code: number;
  readonly timed_out?: true;
  readonly interrupted?: true;
  readonly too_large?: true;
}

/** With room for a note of ours below. */
const readableBytes = textLimitBytes - 1024;

/** More at once would only make each slower; those that wait keep beating. */
const atATime = pLimit(24);

export function createExecCommand(deps: ExecDependencies) {
  /** @throws GitOpsError NotAllowed, PathNotFound, SecretUnavailable, FolderGone */
  return function execCommand(input: ExecInput): Promise<FolderAnswer<ExecResult>> {
    return withHeartbeat(({ signal, report }) =>
      atATime(async () => {
        if (!deps.shellAllowed) throw notAllowed();
        signal.throwIfAborted();
        const line = await textOf(deps.artifacts, input.command);
        refuseTooLong(line);
        const folder = deps.folders.get(input.folder);
        const [env, secrets] = await environmentOf(input, folder, deps.resolveSecret);
        const outcome = await runCommand({
          line,
          shell: bash,
          folder: await workingFolder(folder, input.workdir ?? '.'),
          env,
          stdin: input.stdin === undefined ? undefined : await textOf(deps.artifacts, input.stdin),
          timeoutMs: input.timeoutMs,
          limitBytes: textLimitBytes,
          signal,
          progress: (bytes) => report({ bytes }),
        });
        if (outcome.end === 'aborted' && !isShutdown(signal)) signal.throwIfAborted();
        return answerOf(folder, deps.artifacts, await resultOf(outcome, input, secrets, deps));
      }),
    );
  };
}

/** Of one argument of a program, as Linux takes it (MAX_ARG_STRLEN). */
const commandLimitBytes = 128 * 1024 - 1;

function refuseTooLong(command: string): void {
  if (Buffer.byteLength(command) <= commandLimitBytes) return;
  throw new GitOpsError('InvalidInput', 'the command is longer than 128 KiB, more than a shell takes', {
    hint: 'hand the text over in stdin, or write it into a file with fs.write',
  });
}

async function workingFolder(folder: RunFolder, path: string): Promise<string> {
  const at = await folder.path(path);
  const found = await stat(at).catch(() => undefined);
  if (found?.isDirectory() === true) return at;
  const why = found === undefined ? 'is not there' : 'is no folder';
  throw new GitOpsError('PathNotFound', `path '${path}' ${why}`, { hint: 'fs.mkdir(path) makes a folder' });
}

/** The worker itself goes: the script hears that its command was cut off. */
function isShutdown({ reason }: AbortSignal): boolean {
  return reason instanceof Error && reason.message.includes('WORKER_SHUTDOWN');
}

/** Nothing of the worker's own environment: it holds credentials. @returns it, and the secrets in it */
async function environmentOf(
  { env }: ExecInput,
  { root, temporary }: RunFolder,
  resolveSecret: ResolveSecret,
): Promise<[Record<string, string>, readonly string[]]> {
  const own = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: root, TMPDIR: temporary, LANG: 'C.UTF-8' };
  const { value, secrets } = await resolveTexts<Record<string, string>>(withReferences(env), resolveSecret);
  return [{ ...own, ...value }, secrets];
}

/** A text that is nothing but the name of a secret stands for it. */
function withReferences(env: ExecInput['env']): Record<string, MaybeSecret> {
  const marked = Object.entries(env).map(([name, value]) =>
    typeof value === 'string' && isReference(value) ? [name, { $secret: ['', value, ''] }] : [name, value],
  );
  return Object.fromEntries(marked) as Record<string, MaybeSecret>;
}

/** `file:` alone could be an address of some database. */
function isReference(value: string): boolean {
  return /^(?:secret:[A-Za-z0-9][\w.-]*|env:[A-Za-z_]\w*|file:\/(?!\/)\S*)$/.test(value);
}

const notes: Readonly<Record<CommandEnd, (input: ExecInput) => string>> = {
  exited: () => '',
  aborted: () => 'the command was interrupted: its worker was stopped; it may have run in part, and is not run again',
  'timed out': ({ timeoutMs = 0 }) => `the command was ended: it took longer than ${timeoutMs / 1000} s`,
  'too large': () => `the command was ended: it wrote more than ${textLimit}; send its output to a file`,
};

const flags: Readonly<Record<CommandEnd, Partial<ExecResult>>> = {
  exited: {},
  aborted: { interrupted: true },
  'timed out': { timed_out: true },
  'too large': { too_large: true },
};

async function resultOf(
  { end, exitCode, stdout, stderr }: CommandOutcome,
  input: ExecInput,
  secrets: readonly string[],
  { artifacts }: ExecDependencies,
): Promise<ExecResult> {
  const note = notes[end](input);
  const said = shown(stderr, secrets);
  const texts = {
    stdout: shown(stdout, secrets),
    stderr: note === '' ? said : `${said}${said === '' || said.endsWith('\n') ? '' : '\n'}${note}`,
  };
  const held = await heldTexts(texts, (value) => putJson(artifacts, value));
  return { ...held, exit_code: end === 'exited' ? exitCode : -1, ...flags[end] };
}

/** What is not UTF-8 has U+FFFD in its place; what grows by that is cut at the limit a script can read. */
function shown(bytes: Buffer, secrets: readonly string[]): string {
  const text = maskSecrets(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), secrets);
  const bytesOfText = Buffer.from(text);
  return bytesOfText.length <= readableBytes ? text : new TextDecoder().decode(bytesOfText.subarray(0, readableBytes));
}

function notAllowed(): GitOpsError {
  return new GitOpsError('NotAllowed', 'this installation runs no shell lines on its workers', {
    hint: 'set allow_shell: true in the configuration of the workers',
  });
}
