/**
 * Headers of a declaration: it becomes part of a history that others can read, so no secret stands in it as text.
 */
import { GitOpsError } from '../domain/errors.js';

const secretHeader = /authorization|cookie|token|secret|password|api-?key/i;
const endsInReference = /^(\w+ )?(secret|env|file):\S+$/;

/**
 * @param where as the declaration calls it
 * @param headers texts, and texts with references
 * @throws GitOpsError LiteralSecret
 */
export function refuseLiteralHeaders(where: string, headers: unknown = {}): void {
  const literal = Object.entries(headers as Record<string, unknown>).find(
    ([name, value]) => secretHeader.test(name) && typeof value === 'string' && !endsInReference.test(value),
  );
  if (literal === undefined) return;
  throw new GitOpsError('LiteralSecret', `${where}: the header ${literal[0]} holds a literal secret`, {
    hint: `write headers = { ${literal[0]} = "Bearer " .. secret("name") }`,
  });
}
