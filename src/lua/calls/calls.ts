/**
 * Every call a script can make of the host, by its full name (`gitops.workflow`). One file a module; the steps they become are in
 * `src/workflows/calls`.
 */
import type { CallRow } from './call-row.js';
import { execCalls } from './exec-calls.js';
import { fsCalls } from './fs-calls.js';
import { gitCalls } from './git-calls.js';
import { gitopsCalls } from './gitops-calls.js';
import { httpCalls } from './http-calls.js';
import { ioCalls } from './io-calls.js';
import { notificationCalls } from './notification-calls.js';
import { stateCalls } from './state-calls.js';
import { workspaceCalls } from './workspace-calls.js';

type Rows = Readonly<Record<string, CallRow>>;

/** Reading a text that stayed out of the history. */
const artifactCalls: Rows = {
  read: {
    parameters: [
      { name: 'digest', type: 'string' },
      { name: 'path', type: 'string' },
    ],
    failure: 'outage',
    summary: (args) => `read ${String(args[1])}`,
  },
};

const modules: Readonly<Record<string, Rows>> = {
  artifact: artifactCalls,
  exec: execCalls,
  fs: fsCalls,
  git: gitCalls,
  gitops: gitopsCalls,
  http: httpCalls,
  io: ioCalls,
  notifications: notificationCalls,
  state: stateCalls,
  workspace: workspaceCalls,
};

export const calls: Rows = Object.fromEntries(
  Object.entries(modules).flatMap(([module, rows]) =>
    Object.entries(rows).map(([name, row]) => [`${module}.${name}`, row]),
  ),
);

/** Names of the functions of a module that are nothing but a call. */
export function callsOf(module: string): string[] {
  return Object.keys(modules[module] ?? {});
}
