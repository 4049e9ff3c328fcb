import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { isRunning } from '../../src/local/process-identity.js';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-temporal-'));
const searchAttributes = { GitopsApp: 'Keyword', GitopsHealth: 'Keyword' } as const;
let server: TemporalServer | undefined;

afterAll(async () => {
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const startWorkflow = (client: Client): Promise<unknown> =>
  client.workflow.start('nobody', { taskQueue: 'nobody', workflowId: 'kept' });

describe('a local Temporal server', () => {
  it('answers with its search attributes, keeps workflows over a restart, and stops', async () => {
    server = await startTemporalServer({ dir, ui: true, searchAttributes, detached: false });
    expect((await fetch(server.uiUrl ?? '')).status).toBe(200);
    await withClient(server.address, startWorkflow);
    await server.stop();
    expect(isRunning(server)).toBe(false);

    server = await startTemporalServer({ dir, ui: false, searchAttributes, detached: false });
    expect(server.uiUrl).toBeUndefined();
    const description = await withClient(server.address, (client) => client.workflow.getHandle('kept').describe());
    expect(description.status.name).toBe('RUNNING');
  });

  it('does not take the server that already has its port for its own', async () => {
    const grpc = Number(server?.address.split(':')[1]);
    const second = startTemporalServer({ dir: join(dir, 'second'), ui: false, ports: { grpc }, detached: false });
    await expect(second).rejects.toMatchObject({ code: 'TemporalUnavailable', retryable: false });
  });

  it('says why it did not start', async () => {
    const wrong = { GitopsApp: 'Word' as 'Keyword' };
    const second = startTemporalServer({
      dir: join(dir, 'second'),
      ui: false,
      searchAttributes: wrong,
      detached: false,
    });
    await expect(second).rejects.toMatchObject({ message: expect.stringMatching(/temporal exited\n.*Word/s) });
  });
});
