/**
 * `sync_policy.sync_options` of an application, in Argo CD's spelling. An annotation of an object beats them, see
 * `object-options.ts`.
 */
import { GitOpsError } from './errors.js';
import { nearest } from './nearest.js';

const flag = ['true', 'false'] as const;

/** Every option, its values, and what is to be said about one that changes nothing. */
const known = {
  CreateNamespace: { values: flag },
  Prune: { values: flag },
  PruneLast: { values: flag },
  PrunePropagationPolicy: { values: ['foreground', 'background', 'orphan'] },
  Force: { values: flag },
  Replace: { values: flag },
  SkipDryRunOnMissingResource: { values: flag },
  ApplyOutOfSyncOnly: { values: flag, always: 'true' },
  ServerSideApply: { values: flag, always: 'true' },
  FailOnSharedResource: { values: flag, always: 'true' },
  RespectIgnoreDifferences: { values: flag, always: 'true' },
  Validate: { values: flag, always: 'true' },
} as const satisfies Record<string, { values: readonly string[]; always?: string }>;

export type SyncOptionName = keyof typeof known;

export interface CheckedSyncOptions {
  /** In the spelling of the table, the last word on each; those that change nothing are left out. */
  readonly options: readonly string[];
  /** One for each option that has no effect because the engine always does otherwise. */
  readonly warnings: readonly string[];
}

/** @throws GitOpsError InvalidConfig, naming the nearest option for a typo */
export function checkSyncOptions(list: readonly string[]): CheckedSyncOptions {
  const said = new Map(list.map(parse));
  const entries = [...said].filter(([name]) => alwaysOf(name) === undefined);
  const vain = [...said].filter(([name, value]) => alwaysOf(name) !== undefined && alwaysOf(name) !== value);
  return {
    options: entries.map(([name, value]) => `${name}=${value}`),
    warnings: vain.map(([name, value]) => `sync option ${name}=${value} has no effect: ${reasons[name] ?? ''}`),
  };
}

/** Why what was asked for is not done. */
const reasons: Partial<Record<SyncOptionName, string>> = {
  ApplyOutOfSyncOnly: 'only objects that differ are ever written',
  ServerSideApply: 'objects are always applied by the server',
  FailOnSharedResource: 'an object of another application is never taken over',
  RespectIgnoreDifferences: 'ignored fields are never written',
  Validate: 'the server validates every object',
};

function alwaysOf(name: SyncOptionName): string | undefined {
  return (known[name] as { always?: string }).always;
}

function parse(entry: string): [SyncOptionName, string] {
  const [written = '', value = 'true'] = entry.split('=', 2).map((part) => part.trim());
  const name = names.find((candidate) => candidate.toLowerCase() === written.toLowerCase());
  if (name === undefined) throw unknown(entry, written);
  const values: readonly string[] = known[name].values;
  if (values.includes(value.toLowerCase())) return [name, value.toLowerCase()];
  throw new GitOpsError('InvalidConfig', `sync_options: ${name} is ${values.join(' or ')}, not '${value}'`, {
    hint: `write "${name}=${values[0]}"`,
  });
}

const names = Object.keys(known) as SyncOptionName[];

function unknown(entry: string, written: string): GitOpsError {
  const near = nearest(written, names);
  const hint = near === undefined ? `known are ${names.join(', ')}` : `did you mean ${near}?`;
  return new GitOpsError('InvalidConfig', `sync_options: '${entry}' is no sync option`, { hint });
}

/** What was said of an option; undefined when nothing was. */
export function syncOption(options: readonly string[], name: SyncOptionName): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
}
