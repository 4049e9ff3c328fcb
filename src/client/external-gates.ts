/**
 * `gates` as they are written, to the form that lives in the specification.
 */
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { ExternalGate } from '../domain/external-gate.js';
import { isSecretText, withReferences, type MaybeSecret } from '../domain/secret-text.js';
import type { ExternalGateConfig } from '../schema/external-gates.js';
import { refuseLiteralHeaders } from './secret-headers.js';

const mostGates = 10;

/** @throws GitOpsError InvalidConfig, LiteralSecret, InvalidInput (durations) */
export function externalGatesOf(configs: readonly ExternalGateConfig[] = []): { gates?: readonly ExternalGate[] } {
  if (configs.length === 0) return {};
  if (configs.length > mostGates) throw new GitOpsError('InvalidConfig', `gates: at most ${mostGates}`);
  return { gates: configs.map((config, i) => externalGate(config, `gates[${i + 1}]`)) };
}

function externalGate(config: ExternalGateConfig, where: string): ExternalGate {
  const { name, method = 'POST', timeout = '10s', interval = '30s', max_wait = '7d' } = config;
  const url = withReferences(config.url) as MaybeSecret;
  const headers = withReferences(config.headers ?? {}) as Readonly<Record<string, MaybeSecret>>;
  refuseLiteralHeaders(where, headers);
  return {
    name: name ?? hostOf(url, where),
    url,
    method,
    headers,
    timeoutMs: Math.min(60_000, Math.max(100, parseDuration(timeout))),
    intervalMs: Math.max(1000, parseDuration(interval)),
    maxWaitMs: parseDuration(max_wait),
  };
}

/** An address that is a secret is called by its place in the list. */
function hostOf(url: MaybeSecret, where: string): string {
  if (isSecretText(url)) return where;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
    throw new GitOpsError('InvalidConfig', `${where}: url is not an address of http or https`);
  if (parsed.username === '' && parsed.password === '') return parsed.host;
  throw new GitOpsError('InvalidConfig', `${where}: the address holds a user or a password`, {
    hint: 'write headers = { Authorization = "Bearer " .. secret("name") }',
  });
}
