/**
 * `ignore_differences` as users write it, as the rules the diff works with.
 */
import { pointerFault, type IgnoreRule } from '../domain/diff/ignore-rules.js';
import { GitOpsError } from '../domain/errors.js';
import type { IgnoreDifferencesConfig } from '../schema/ignore-differences.js';

type Entry = IgnoreDifferencesConfig[number];

/** @throws GitOpsError InvalidConfig for a rule that could ignore nothing, or a pointer that is none */
export function ignoreRules(config: IgnoreDifferencesConfig | undefined): readonly IgnoreRule[] {
  return (config ?? []).map(ignoreRule);
}

function ignoreRule(entry: Entry, index: number): IgnoreRule {
  const { group, kind, name, namespace } = entry;
  const jsonPointers = [...(entry.json_pointers ?? []), ...(entry.jsonPointers ?? [])];
  const managers = [...(entry.managers ?? []), ...(entry.managedFieldsManagers ?? [])];
  const where = `ignore_differences[${index + 1}]`;
  if (jsonPointers.length + managers.length === 0)
    throw refused(`${where} says which objects, but none of their fields`, 'json_pointers = {"/spec/replicas"}');
  for (const pointer of jsonPointers) {
    const fault = pointerFault(pointer);
    if (fault !== undefined) throw refused(`${where}: '${pointer}' is no JSON pointer`, `one that ${fault}`);
  }
  const picked = Object.entries({ group, kind, name, namespace }).filter(([, pattern]) => pattern !== undefined);
  return { ...(Object.fromEntries(picked) as Omit<IgnoreRule, 'jsonPointers' | 'managers'>), jsonPointers, managers };
}

function refused(message: string, example: string): GitOpsError {
  return new GitOpsError('InvalidConfig', message, { hint: `write ${example}` });
}
