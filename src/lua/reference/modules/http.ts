/** `http` and `net`: requests from a worker. */
import type { FunctionText, ModuleText } from '../function-entry.js';

const returns = ['sloth.HttpResponse? response', 'string? err'];
const options = 'options? table|table<string, string> headers, or { headers, query, timeout, ... }';
const reading: FunctionText = [
  ['url string|table', options],
  returns,
  'Asks; tried again after a failed connection and after 429, 502, 503 and 504.',
];
const writing = (method: string): FunctionText => [
  ['url string|table', 'body? string|table a table is sent as JSON', options],
  returns,
  `Sends ${method}, once.`,
];

export const http: ModuleText = {
  name: 'http',
  describe: 'Requests from a worker. Any status that came back is a response; `success` is true for 2xx.',
  durable: true,
  adapted: true,
  functions: {
    get: reading,
    head: reading,
    post: writing('POST'),
    put: writing('PUT'),
    patch: writing('PATCH'),
    delete: [['url string|table', options], returns, 'Sends DELETE, once.'],
    request: [['request string|table or method and url', 'url? string|table', options], returns, 'Sends any request.'],
  },
};

const values = ['string? body', 'number? status', 'table? headers', 'string? err'];

export const net: ModuleText = {
  name: 'net',
  describe: 'Older forms of `http`, which give several values.',
  durable: true,
  adapted: true,
  functions: {
    get: reading,
    post: writing('POST'),
    http_get: [['url string', 'headers? table<string, string>'], values, 'Asks for a page.'],
    http_post: [['url string', 'body? string', 'headers? table<string, string>'], values, 'Sends a text.'],
    download: [['url string', 'path string'], ['string? err'], 'Writes a page to a file in the folder of the run.'],
  },
};
