/**
 * runHook: one shell line of `sync_policy.pre_sync_hooks` or `post_sync_hooks`, in an empty folder that is removed
 * afterwards. It runs at most once: a shell line is not idempotent.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runShell } from '../adapters/shell/run-shell.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import type { Target } from '../domain/target.js';
import { withHeartbeat } from './heartbeat.js';

export interface RunHookInput {
  readonly target: Target;
  readonly line: string;
  readonly revision: string;
  /** `sync-7` */
  readonly sync: string;
}

export interface RunHookResult {
  /** The last 1,000 characters it wrote, masked. */
  readonly output: string;
}

const keptCharacters = 1000;

export function createRunHook({ shellAllowed }: { shellAllowed: boolean }) {
  /** @throws GitOpsError HookFailed with what the line printed, NotAllowed */
  return function runHook(input: RunHookInput): Promise<RunHookResult> {
    return withHeartbeat(async ({ signal }) => {
      if (!shellAllowed) throw notAllowed();
      const folder = await mkdtemp(join(tmpdir(), 'sloth-hook-'));
      try {
        const { exitCode, output } = await runShell(input.line, { folder, env: environmentOf(input, folder), signal });
        const shown = redact(output.trim().slice(-keptCharacters));
        if (exitCode === 0) return { output: shown };
        throw new GitOpsError('HookFailed', `hook '${input.line}' ended with ${exitCode ?? 'a signal'}: ${shown}`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  };
}

/** Nothing of the worker's own environment: it holds credentials. */
function environmentOf({ target, revision, sync }: RunHookInput, folder: string): Record<string, string> {
  const { cluster, namespace = '' } = target.destination;
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: folder,
    SLOTH_APP: target.appName,
    SLOTH_APP_ID: target.app,
    SLOTH_SYNC: sync,
    SLOTH_REVISION: revision,
    SLOTH_CLUSTER: cluster,
    SLOTH_NAMESPACE: namespace,
  };
}

function notAllowed(): GitOpsError {
  return new GitOpsError('NotAllowed', 'this installation runs no shell lines on its workers', {
    hint: 'set allow_shell: true in its configuration, or take the hooks out of sync_policy',
  });
}
