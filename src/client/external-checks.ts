/**
 * Checks beyond objects as they are written, to the form that lives in the specification.
 */
import { parseDuration } from '../domain/duration.js';
import { GitOpsError } from '../domain/errors.js';
import type { ExternalCheck } from '../domain/health/external-checks.js';
import type { HealthCheckConfig } from '../schema/health-checks.js';
import { refuseLiteralHeaders } from './secret-headers.js';

type Type = HealthCheckConfig['type'];

const common = ['type', 'name', 'timeout', 'interval', 'count', 'failures', 'failure_limit'] as const;

/** Fields each type knows besides the common ones, and those of them it cannot do without. */
const fields: Readonly<Record<Type, { known: readonly string[]; needed: readonly (keyof HealthCheckConfig)[] }>> = {
  http: { known: ['url', 'method', 'expect_status', 'body_contains', 'headers'], needed: ['url'] },
  metric: { known: ['provider', 'url', 'query', 'threshold', 'headers'], needed: ['url', 'query', 'threshold'] },
  lua: { known: ['script'], needed: ['script'] },
};

/** @throws GitOpsError InvalidConfig naming the check and the field, InvalidInput (durations) */
export function externalChecks(configs: readonly HealthCheckConfig[]): readonly ExternalCheck[] {
  return configs.map((config, i) => externalCheck(config, `checks[${i + 1}]`));
}

function externalCheck(config: HealthCheckConfig, where: string): ExternalCheck {
  refuseFields(config, where);
  const { type, url = '', headers = {} } = config;
  const repetition = { ...repetitionOf(config, where), name: config.name ?? nameOf(config) };
  if (type === 'lua') return { type, ...repetition, script: config.script ?? '' };
  refuseAddress(url, where);
  refuseLiteralHeaders(`health_check.${where}`, headers);
  if (type === 'http') return { type, ...repetition, url, headers, ...httpOf(config, where) };
  const { query = '', threshold = {}, provider = 'prometheus' } = config;
  if (threshold.min === undefined && threshold.max === undefined)
    throw invalid(where, 'threshold needs min, max or both');
  return { type, ...repetition, provider, url, headers, query, threshold };
}

function invalid(where: string, what: string, hint?: string): GitOpsError {
  return new GitOpsError('InvalidConfig', `health_check.${where}: ${what}`, hint === undefined ? {} : { hint });
}

function refuseFields(config: HealthCheckConfig, where: string): void {
  const { known, needed } = fields[config.type];
  const missing = needed.find((field) => config[field] === undefined);
  if (missing !== undefined) throw invalid(where, `a check of type ${config.type} needs ${missing}`);
  const allowed: readonly string[] = [...common, ...known];
  const alien = Object.keys(config).find((field) => !allowed.includes(field));
  if (alien !== undefined)
    throw invalid(where, `${alien} means nothing to a check of type ${config.type}`, `it takes ${allowed.join(', ')}`);
}

function nameOf({ type, url, query }: HealthCheckConfig): string {
  if (type === 'lua') return 'lua';
  return type === 'metric' ? (query ?? '') : (url ?? '');
}

/** Nothing but the web: not `file:`, and no password in the address, for it would be seen in messages. */
function refuseAddress(url: string, where: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol))
    throw invalid(where, `'${url}' is not an address of http or https`);
  if (parsed.username !== '' || parsed.password !== '')
    throw invalid(
      where,
      'the address holds a user or a password',
      'write headers = { Authorization = secret("name") }',
    );
}

function repetitionOf(config: HealthCheckConfig, where: string) {
  const count = wholeNumber(config.count ?? 1, 1, 'count', where);
  const failureLimit = wholeNumber(config.failures ?? config.failure_limit ?? 0, 0, 'failures', where);
  if (failureLimit >= count)
    throw invalid(
      where,
      `of ${count} measurements ${failureLimit} may fail, so it could pass without one success`,
      'raise count above failures',
    );
  const intervalMs = Math.max(100, parseDuration(config.interval ?? '10s'));
  return { count, failureLimit, intervalMs, timeoutMs: Math.max(100, parseDuration(config.timeout ?? '10s')) };
}

function wholeNumber(value: number, least: number, field: string, where: string): number {
  if (Number.isInteger(value) && value >= least && value <= 10_000) return value;
  throw invalid(where, `${field} is a whole number from ${least} to 10000, not ${value}`);
}

function httpOf({ method = 'GET', expect_status = '2xx', body_contains }: HealthCheckConfig, where: string) {
  const expectStatus = [expect_status].flat().map(String);
  const wrong = expectStatus.find((status) => !/^[1-5](xx|\d\d)$/.test(status));
  if (wrong !== undefined)
    throw invalid(where, `expect_status '${wrong}' is neither 200 nor "2xx" nor a list of these`);
  if (!/^[A-Za-z]+$/.test(method)) throw invalid(where, `'${method}' is no method`);
  const body = body_contains === undefined ? {} : { bodyContains: body_contains };
  return { method: method.toUpperCase(), expectStatus, ...body };
}
