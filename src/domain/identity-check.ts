/**
 * Two declarations of one id must point at the same place (lua-api.md 2.1): a name is not silently moved elsewhere.
 */
import { identityOf, type ApplicationIdentity, type ApplicationSpec } from './application.js';

/** One line that shows both sides of every part that differs; undefined when none does. */
export function checkIdentity(declared: ApplicationSpec, again: ApplicationSpec): string | undefined {
  const [was, is] = [identityOf(declared), identityOf(again)];
  const parts = (Object.keys(was) as (keyof ApplicationIdentity)[]).filter((key) => was[key] !== is[key]);
  if (parts.length === 0) return undefined;
  const shown = parts.map((key) => `${key} is ${was[key] || '(none)'}, now ${is[key] || '(none)'}`);
  return `${declared.name} (${declared.id}) is already declared and points elsewhere: ${shown.join('; ')}`;
}
