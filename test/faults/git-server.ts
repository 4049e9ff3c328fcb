/**
 * git over HTTP: `git http-backend` behind a server of Node's, for bare repositories anywhere on this machine. It can
 * refuse everybody, and break off in the middle of a pack.
 */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type GitServerMode = 'answer' | 'refuse' | 'cutPacks';

export class GitServer {
  mode: GitServerMode = 'answer';
  /** Packs that were cut so far. */
  cut = 0;

  private constructor(private readonly server: Server) {}

  /** The path of a URL is the path of the repository. */
  static async start(): Promise<GitServer> {
    const server = createServer((request, response) => void git.serve(request, response));
    const git = new GitServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return git;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.mode === 'refuse') return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    const body = await answer(request, response);
    const cuts = this.mode === 'cutPacks' && body.includes('PACK');
    if (!cuts) return void response.end(body);
    this.cut++;
    response.setHeader('content-length', body.length);
    response.write(body.subarray(0, body.indexOf('PACK') + 20), () => response.destroy());
  }
}

/** @returns the body; status and headers are set */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  const backend = spawn('git', ['http-backend'], { env: cgi(request), stdio: ['pipe', 'pipe', 'ignore'] });
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  const output = await buffer(backend.stdout);
  const end = output.indexOf('\r\n\r\n');
  const headers = output
    .subarray(0, end)
    .toString()
    .split('\r\n')
    .map((line) => /^([^:]+): (.*)$/.exec(line) ?? ['', '', '']);
  for (const [, name = '', value = ''] of headers) {
    if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  return output.subarray(end + 4);
}

/** RFC 3875, as far as http-backend reads it. */
function cgi({ url = '/', method = 'GET', headers }: IncomingMessage): NodeJS.ProcessEnv {
  const { pathname, search } = new URL(url, 'http://localhost');
  return {
    PATH: process.env['PATH'],
    GIT_PROJECT_ROOT: '/',
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    REQUEST_METHOD: method,
    PATH_INFO: decodeURIComponent(pathname),
    QUERY_STRING: search.slice(1),
    CONTENT_TYPE: headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    HTTP_GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
  };
}
