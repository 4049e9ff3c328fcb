/** What is declared or registered becomes part of a history that many can read: no secret stands in it as text. */
import { GitOpsError } from '../domain/errors.js';
import { findSecretFields } from '../lua/literal-secrets.js';

/** @throws GitOpsError LiteralSecret naming the first field that holds one */
export function refuseLiterals(config: object): void {
  const [field] = findSecretFields(config, 'config');
  if (field === undefined) return;
  throw new GitOpsError('LiteralSecret', `${field} is written out`, {
    hint: 'write "env:NAME", "file:PATH" or "secret:NAME": the worker looks it up',
  });
}
