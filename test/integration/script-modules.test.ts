/**
 * The modules of the language on a real engine: state that outlives runs, requests to a real server, questions to people,
 * files that travel with a script.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ScriptInput } from '../../src/workflows/messages.js';
import { Engine } from '../support/engine.js';
import { eventually } from '../support/eventually.js';

const canary = 'c4n4ry-of-a-header';

let engine: Engine;
let server: Server;
let url: string;
let requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
/** What the next requests are answered with; then 200 and what was sent. */
let answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      requests.push({ method, path, headers, body });
      const echo = JSON.stringify({ authorization: headers.authorization, body });
      const { status, headers: sent = {}, body: text = echo } = answers.shift() ?? { status: 200 };
      response.writeHead(status, { 'content-type': 'application/json', ...sent }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  engine = await Engine.open({ files: { 'secrets/api-token': canary } });
});
afterAll(async () => {
  await engine.close();
  server.close();
});
beforeEach(() => {
  requests = [];
  answers = [];
});

interface Ran {
  readonly id: string;
  readonly lines: readonly string[];
}

/** Lines that are printed, without the levels of others. */
async function run(source: string, input: Partial<ScriptInput> = {}): Promise<Ran> {
  const { workflowId } = await engine.client.scripts.start({ name: 'm.lua', source, ...input });
  const { lines } = await engine.client.scripts.result({ workflowId });
  return { id: workflowId, lines: lines.map(({ text }) => text) };
}

/** The whole history, payloads as text. */
async function historyOf(id: string): Promise<string> {
  const history = await engine.client.temporal.workflow.getHandle(id).fetchHistory();
  const json = JSON.parse(JSON.stringify(history)) as unknown;
  return JSON.stringify(json, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
}

/** As much of SMTP as one mail needs. */
function smtpServer(received: (session: string) => void): TcpServer {
  return createTcpServer((socket) => {
    let session = '';
    let mail = false;
    socket.write('220 test\r\n');
    socket.on('data', (chunk: Buffer) => {
      session += chunk.toString();
      if (mail && !session.endsWith('\r\n.\r\n')) return;
      const command = mail ? '.' : (session.trim().split('\n').at(-1) ?? '').slice(0, 4).toUpperCase();
      mail = command === 'DATA';
      if (command === '.') received(session);
      const replies: Record<string, string> = { EHLO: '250-test\r\n250 AUTH PLAIN', AUTH: '235 ok', DATA: '354 go on' };
      socket.write(`${replies[command] ?? '250 ok'}\r\n`);
    });
  });
}

describe('state', () => {
  it('outlives the run, apart for each defined workflow', async () => {
    const counting = `workflow.define("counting", { tasks = { task("n"):command(function() return true, tostring(state.increment("n")) end) } })
      print(state.increment("n"))`;
    const first = await run(counting);
    expect(first.lines).toEqual(['1']);
    await run(counting);
    const look =
      'workflow.define("counting", { tasks = { task("n"):command(function() print(state.get("n")) return true end) } }) print(state.get("n"))';
    expect((await run(look)).lines).toEqual(['2', '2']);
  });

  it('a change that is said again, as after a lost answer, is made once', async () => {
    const operation = { name: 'increment', args: ['hits'], owner: 'test' };
    const twice = [1, 2].map(() => engine.client.states.perform('once', operation, 'run/1'));
    expect(await Promise.all(twice)).toEqual([1, 1]);
    expect(await engine.client.states.perform('once', operation, 'run/2')).toBe(2);
  });

  it('refuses a value that is too large, before it is in any history', async () => {
    const { lines, id } = await run('print(state.set("k", string.rep("x", 65 * 1024)))');
    expect(lines[0]).toMatch(/^false\tthe value of 'k' has 66562 bytes, it may have 65536/);
    expect((await historyOf(id)).length).toBeLessThan(60_000);
  });

  it('forgets a value when its time is over', async () => {
    await run('state.set_with_ttl("short", 1, 1)', { name: 'ttl.lua' });
    const read = { name: 'exists', args: ['short'], owner: 'test' };
    expect(
      await eventually(async () =>
        (await engine.client.states.perform('ttl.lua', read, 'x')) === false ? true : undefined,
      ),
    ).toBe(true);
  });
});

describe('http', () => {
  it('a GET is tried again after 503, as late as the server asks', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '1' } }];
    const { lines } = await run(`local r = http.get("${url}/items") print(r.status_code, r.success)`);
    expect(lines).toEqual(['200\ttrue']);
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('a POST is sent once, whatever it is answered with', async () => {
    answers = [{ status: 503 }];
    const { lines } = await run(
      `local r = http.post("${url}/items", { name = "web" }) print(r.status_code, r.success)`,
    );
    expect(lines).toEqual(['503\tfalse']);
    expect(requests).toMatchObject([{ method: 'POST', body: '{"name":"web"}' }]);
    expect(requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('a secret in a header arrives, and is in no history, even where the server repeats it', async () => {
    const { lines, id } = await run(
      `local r = http.get("${url}/private", { Authorization = "Bearer " .. secret("api-token") }) print(r.json.authorization)`,
    );
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${canary}`);
    expect(lines).toEqual(['Bearer ***']);
    expect(await historyOf(id)).not.toContain(canary);
    expect(await historyOf(id)).toContain('secret:api-token');
  });

  it('a long body is read by handle, and one over 1 MiB is an error that says so', async () => {
    answers = [
      { status: 200, body: JSON.stringify({ text: 'x'.repeat(40_000) }) },
      { status: 200, body: 'x'.repeat(1024 * 1024 + 1) },
    ];
    const { lines, id } = await run(
      `local r = http.get("${url}/long") print(#r.json.text) print(http.get("${url}/longer"))`,
    );
    expect(lines[0]).toBe('40000');
    expect(lines[1]).toContain(`the answer to GET ${url}/longer is larger than 1 MiB`);
    expect(await historyOf(id)).toContain('$artifact');
  });

  it('nobody listening is nil and the reason; link-local addresses are refused', async () => {
    const { lines } = await run(
      `print(http.post("http://127.0.0.1:1/x", "")) print(http.get("http://169.254.169.254/latest/meta-data"))`,
    );
    expect(lines[0]).toBe('nil\tPOST http://127.0.0.1:1/x: connection refused');
    expect(lines[1]).toMatch(/^nil\t169\.254\.169\.254 is a link-local address; scripts may not talk to it/);
  });

  it('credentials are not led to another host', async () => {
    answers = [{ status: 302, headers: { location: 'http://localhost:9/elsewhere' } }];
    const { lines } = await run(`print(http.get("${url}/r", { Authorization = secret("api-token") }))`);
    expect(lines[0]).toMatch(/is redirected to http:\/\/localhost:9, which must not see its credentials/);
  });
});

describe('notifications', () => {
  it('Slack gets its own form, and a refusal is false and the reason', async () => {
    answers = [{ status: 200 }, { status: 403, body: 'no_team' }];
    const call = `notifications.slack{ webhook_url = "${url}/hook", message = "hello", pipeline = "deploy" }`;
    const { lines } = await run(`print(${call}) print(${call})`);
    expect(lines).toEqual(['true', 'false\tslack refused the message: 403 no_team']);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      text: 'hello',
      attachments: [{ color: 'good', fields: [{ title: 'Pipeline', value: 'deploy', short: true }] }],
    });
  });
});

describe('email', () => {
  it('goes through an SMTP server, with the password behind the reference', async () => {
    const mails: string[] = [];
    const smtp = smtpServer((mail) => mails.push(mail));
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    const { port } = smtp.address() as AddressInfo;
    const { lines, id } = await run(`print(notifications.email{ host = "127.0.0.1", port = ${port}, allow_plain = true,
      username = "u", password = secret("api-token"), from = "a@example.org", to = { "b@example.org" }, subject = "Deploy", message = "done" })`);
    smtp.close();
    expect(lines).toEqual(['true']);
    expect(mails[0]).toContain(Buffer.from(`\0u\0${canary}`).toString('base64'));
    expect(mails[0]).toMatch(/Subject: Deploy[^]*done/);
    expect(await historyOf(id)).not.toContain(canary);
  });
});

describe('questions', () => {
  const asking = 'io.write("Deploy? ") print("answer: " .. io.read())';
  const ask = async (): Promise<string> => {
    const { workflowId } = await engine.client.scripts.start({ name: 'ask.lua', source: asking });
    await eventually(async () => (await engine.client.scripts.questions({ workflowId }))[0]);
    return workflowId;
  };
  const lastLine = async (workflowId: string): Promise<string | undefined> =>
    (await engine.client.scripts.result({ workflowId })).lines.at(-1)?.text;

  it('is approved from the command line, and the history says by whom and why', async () => {
    const id = await ask();
    expect(await engine.home.ok('workflow', 'show', id)).toContain('question 1, until');
    await engine.home.ok('approve', id, '--by', 'alice', '--reason', 'looks good');
    expect(await lastLine(id)).toBe('answer: y');
    expect(await historyOf(id)).toContain('looks good');
    const late = await engine.home.cli('workflow', 'approve', id);
    expect(late).toMatchObject({ code: 4 });
  });

  it('is rejected, or answered with any text', async () => {
    const [rejected, answered] = [await ask(), await ask()];
    await engine.home.ok('workflow', 'reject', rejected);
    await engine.home.ok('workflow', 'approve', answered, '--answer', 'tomorrow');
    expect([await lastLine(rejected), await lastLine(answered)]).toEqual(['answer: n', 'answer: tomorrow']);
  });

  it('is "n" when nobody answers in time, and "y" with --yes', async () => {
    const { lines } = await run('print(io.read{ prompt = "Deploy?", timeout = 1 })');
    expect(lines.at(-1)).toBe('n');
    const file = engine.home.file('ask.lua', asking);
    expect(await engine.home.ok('run', '-f', file, '--yes')).toContain('answer: y');
  });

  it('an answer without a question is refused', async () => {
    const id = await ask();
    const wrong = await engine.home.cli('workflow', 'approve', id, '--question', '7');
    expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining('question 7 is not open') });
    await engine.home.ok('workflow', 'reject', id);
  });
});

describe('files and metrics', () => {
  it('files of a script travel with it, and errors in them name them', async () => {
    engine.home.file(
      's/lib/names.lua',
      'local names = {}\nfunction names.of(n) return "web-" .. n end\nreturn names\n',
    );
    engine.home.file('s/settings.yaml', 'replicas: 3\n');
    engine.home.file('s/lib/broken.lua', '\nerror("no such thing")\n');
    const file = engine.home.file(
      's/main.lua',
      `local names = require("lib.names")
       print(names.of(1), import("settings.yaml").replicas)
       print(pcall(import, "x"), select(2, pcall(function() return import("lib/broken.lua") end)))`.replace(
        'pcall(import, "x"), ',
        '',
      ),
    );
    const printed = await engine.home.ok('run', '-f', file);
    expect(printed).toContain('web-1\t3');
    expect(printed).toContain('lib/broken.lua:2: no such thing');
  });

  it('a file that is missing or outside the folder is refused with its line, before anything runs', async () => {
    const missing = await engine.home.cli('run', '-f', engine.home.file('s/m.lua', '\nimport("none.lua")'));
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("m.lua:2: there is no file 'none.lua'") });
    const outside = await engine.home.cli('run', '-f', engine.home.file('s/o.lua', 'dofile("../config.yaml")'));
    expect(outside).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("o.lua:1: '../config.yaml' lies outside"),
    });
    engine.home.file('s/leak.lua', 'local t = "ghp_0123456789abcdefghij"');
    const leak = await engine.home.cli('run', '-f', engine.home.file('s/l.lua', 'import("leak.lua")'));
    expect(leak.stderr).toContain('leak.lua:1: a GitHub token is written into the script');
  });

  it('metrics are part of what workflow show tells', async () => {
    const { id } = await run('metrics.counter("deploys", 2, { app = "web" })');
    expect(await engine.home.json('workflow', 'show', id)).toMatchObject({
      metrics: [{ name: 'deploys', kind: 'counter', tags: { app: 'web' }, value: 2 }],
    });
  });
});
