/**
 * HTTP requests: one row a method.
 */
import { shown, type MaybeSecret } from '../../domain/secret-text.js';
import { withoutSecrets } from '../../domain/http-url.js';
import type { Data } from '../host.js';
import { optional, table, type CallRow } from './call-row.js';

const returns = ['table? response {status_code, status, body, headers, success, json}', 'string? err'];

const row = (method: string): CallRow => ({
  parameters: [{ name: 'url', type: 'string', interpolated: true }, optional(table('options', 'http'))],
  failure: 'nil',
  summary: ([url]) => `${method} ${withoutSecrets(shown((url ?? '') as MaybeSecret))}`,
  describe:
    method === 'GET' || method === 'HEAD'
      ? `Sends ${method}; tried again after a failed connection and after 429, 502, 503 and 504.`
      : `Sends ${method}, once. Whether it arrived is unknown when it fails with "interrupted" or a timeout.`,
  returns,
});

/** By the name within the module. */
export const httpCalls: Readonly<Record<string, CallRow>> = {
  get: row('GET'),
  head: row('HEAD'),
  post: row('POST'),
  put: row('PUT'),
  patch: row('PATCH'),
  delete: row('DELETE'),
  request: {
    parameters: [table('request', 'httpRequest')],
    failure: 'nil',
    summary: ([request]) => {
      const { method = 'GET', url = '' } = (request ?? {}) as Record<string, Data>;
      return `${String(method).toUpperCase()} ${withoutSecrets(shown(url as MaybeSecret))}`;
    },
    describe: 'Sends a request of any method; only GET and HEAD are tried again.',
    returns,
  },
};
