/**
 * kubectl as the administrator of the bench's own control plane.
 */
import { spawn } from 'node:child_process';
import type { ControlPlane } from '../src/local/control-plane.js';
import { findTool } from '../src/local/tools-cache.js';

/** The user under which kubectl's requests stand in the audit log. */
export const kubectlUser = 'sloth-runner-local-admin';

/** kubectl's exit codes that are no failure: `diff` answers 1 when there are differences. */
const answers: ReadonlySet<number | null> = new Set([0]);
const diffAnswers: ReadonlySet<number | null> = new Set([0, 1]);

/** Runs kubectl to its end and throws away what it prints. */
export function kubectl(
  { kubeconfig, adminContext }: ControlPlane,
  args: readonly string[],
  stdin = '',
): Promise<void> {
  const all = ['--kubeconfig', kubeconfig, '--context', adminContext, ...args];
  const child = spawn(findTool('kubectl'), all, { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if ((args[0] === 'diff' ? diffAnswers : answers).has(code)) resolve();
      else reject(new Error(`kubectl ${args.join(' ')} ended with ${code}: ${errors.slice(-2000)}`));
    });
  });
}

export function createNamespaces(plane: ControlPlane, names: readonly string[]): Promise<void> {
  const items = names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  return kubectl(
    plane,
    ['apply', '--server-side', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}
