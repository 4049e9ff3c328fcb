/**
 * SIGKILL of the worker inside calls of the modules: a change of the state has one effect, a POST or a command is not
 * repeated and says so, a question outlives every worker.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { expectReplays } from './oracle.js';
import { Rig, type FaultPoint } from './rig.js';

let rig: Rig;
let server: Server;
let url: string;
let methods: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    methods.push(request.method ?? '');
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  rig = await Rig.open();
});
afterAll(async () => {
  server.close();
  await rig.close();
});
beforeEach(() => void (methods = []));

/** What the script printed, with the worker killed where the point says. */
async function killedAt(point: FaultPoint, source: string): Promise<string[]> {
  rig.arm(point);
  const run = await rig.client.scripts.start({ name: 'modules.lua', source });
  await rig.fired();
  return (await rig.client.scripts.result(run)).lines.map(({ text }) => text);
}

describe('a worker killed', () => {
  it('after a change of the state, before it could say so: one effect', async () => {
    const source = 'print(state.increment("n")) print(state.get("n"))';
    expect(await killedAt({ activity: 'scriptState', when: 'after' }, source)).toEqual(['1', '1']);
  });

  it('after a POST arrived: the script hears "interrupted", once, and goes on', async () => {
    const lines = await killedAt(
      { activity: 'httpRequest', when: 'after' },
      `print(http.post("${url}/items", "x")) print(http.post("${url}/items", "y").body)`,
    );
    expect(lines).toEqual([
      `nil\tinterrupted: the worker was lost during POST ${url}/items; whether it arrived is unknown`,
      'ok',
    ]);
    expect(methods).toEqual(['POST', 'POST']);
  });

  it('after a command ran: it is not run again, and the script hears "interrupted"', async () => {
    const witness = join(rig.folder, 'commands');
    const lines = await killedAt(
      { activity: 'execCommand', when: 'after' },
      `local one = exec.run("echo one >> ${witness}") print(one.interrupted, one.exit_code)
       print(exec.run("echo two >> ${witness}").exit_code)`,
    );
    expect(lines).toEqual(['true\t-1', '0']);
    expect(readFileSync(witness, 'utf8')).toBe('one\ntwo\n');
  });

  it('after a GET: it is made again', async () => {
    const lines = await killedAt({ activity: 'httpRequest', when: 'after' }, `print(http.get("${url}").body)`);
    expect(lines).toEqual(['ok']);
    expect(methods).toEqual(['GET', 'GET']);
  });

  it('while a question is open: it is answered afterwards', async () => {
    const run = await rig.client.scripts.start({ name: 'ask.lua', source: 'print("sure?") print(io.read())' });
    await eventually(async () => (await rig.client.scripts.questions(run))[0]);
    rig.workers.forEach((worker) => worker.signal('SIGKILL'));
    const [question] = await eventually(async () => {
      const open = await rig.client.scripts.questions(run);
      return open.length > 0 ? open : undefined;
    });
    expect(question).toMatchObject({ number: 1, prompt: 'sure?' });
    await rig.client.scripts.answer(run, { answer: 'yes', by: 'test' });
    expect((await rig.client.scripts.result(run)).lines.at(-1)?.text).toBe('yes');
  });

  it('and every history replays', () => expectReplays(rig));
});
