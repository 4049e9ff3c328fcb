/** `http` and `net`: requests from a worker. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const returns = ['sloth.HttpResponse? response', 'string? err'];
const options = 'options? sloth.HttpOptions|table<string, string> headers, or {headers, body, timeout}';
const reading: FunctionText = [['url string', options], returns, 'Asks for a page; tried again when nobody answers.'];
const writing = (method: string): FunctionText => [
  ['url string', 'body? string|table a table is sent as JSON', options],
  returns,
  `Sends a ${method}. One attempt.`,
];

export const http: ModuleText = {
  name: 'http',
  describe: 'Requests from a worker. Any status that came back is a response; `success` is true for 2xx.',
  durable: true,
  functions: {
    get: reading,
    post: writing('POST'),
    put: writing('PUT'),
    patch: writing('PATCH'),
    delete: [['url string', options], returns, 'Sends a DELETE. One attempt.'],
    request: [['request sloth.HttpRequest'], returns, 'Any request.'],
  },
};

export const net: ModuleText = {
  name: 'net',
  describe: 'Older names of `http`.',
  durable: true,
  functions: { http_get: reading, http_post: writing('POST') },
};
