/** Signed pushes at a fixed rate, whether or not the answers keep up: a sender does not wait for the others. */
import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { benchSecret } from './api-process.js';

export interface Accepted {
  readonly hooks: number;
  /** ms since 1970 */
  readonly lastSentAt: number;
}

export interface Load {
  /** ms, ascending; of all that were answered. */
  readonly latencies: readonly number[];
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly refused: number;
}

export async function sendHooks(
  url: string,
  repositories: readonly string[],
  { seconds, rate }: { seconds: number; rate: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const latencies: number[] = [];
  const accepted = new Map<string, Accepted>();
  let refused = 0;
  const one = async (repository: string): Promise<void> => {
    const [sentAt, from] = [Date.now(), performance.now()];
    const status = await send(agent, url, repository).catch(() => 0);
    latencies.push(performance.now() - from);
    if (status !== 202) refused++;
    else {
      const { hooks = 0, lastSentAt = 0 } = accepted.get(repository) ?? {};
      accepted.set(repository, { hooks: hooks + 1, lastSentAt: Math.max(lastSentAt, sentAt) });
    }
  };
  const sent: Promise<void>[] = [];
  const start = performance.now();
  while (sent.length < seconds * rate) {
    const due = Math.min(seconds * rate, Math.floor(((performance.now() - start) / 1000) * rate) + 1);
    while (sent.length < due) sent.push(one(repositories[sent.length % repositories.length] ?? ''));
    await pause(1);
  }
  await Promise.all(sent);
  agent.destroy();
  return { latencies: latencies.sort((a, b) => a - b), accepted, refused };
}

function send(agent: Agent, url: string, repository: string): Promise<number> {
  const body = JSON.stringify({ ref: 'refs/heads/main', repository: { clone_url: repository } });
  const signature = createHmac('sha256', benchSecret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/webhooks/github`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}
