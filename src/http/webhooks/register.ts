/** `POST /webhooks/<sender>`: open only for senders that the configuration gives a secret. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GitOpsError } from '../../domain/errors.js';
import { readJsonBody } from '../body.js';
import type { Parts } from '../server.js';
import { receive, type WebhookAnswer } from './receive.js';
import { senderNames, type SenderName } from './senders.js';

const bodies = { maximumBytes: 5 * 1024 * 1024, withinMs: 10_000 };
/** GitHub waits for 10 s. */
const patienceMs = 8000;

export function addWebhooks(server: FastifyInstance, parts: Parts): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (request: FastifyRequest) => rawBody(request, parts));
    scope.post('/webhooks/:sender', async (request, reply) => {
      const { result } = await answer(request, parts);
      return reply.code(result === 'pong' ? 200 : 202).send({ result });
    });
  });
}

/** Where nobody listens, nothing is read. */
async function rawBody(request: FastifyRequest, { webhooks, budget }: Parts): Promise<Buffer> {
  senderOf(request, webhooks.secrets);
  return readJsonBody(request.raw, bodies, budget);
}

async function answer(request: FastifyRequest, { client, webhooks, metrics }: Parts): Promise<WebhookAnswer> {
  const sender = senderOf(request, webhooks.secrets);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const signed = { headers: request.raw.headersDistinct, body, now: Date.now() };
  try {
    const answered = await client.within(patienceMs, () => receive(sender, signed, webhooks));
    metrics.webhooks.inc({ sender, result: answered.result });
    return answered;
  } catch (error) {
    metrics.webhooks.inc({ sender, result: 'refused' });
    throw error;
  }
}

/** @throws UnknownPath */
function senderOf({ params }: FastifyRequest, secrets: Parts['webhooks']['secrets']): SenderName {
  const { sender } = params as { sender: string };
  const name = senderNames.find((known) => known === sender);
  if (name !== undefined && (secrets[name] ?? []).length > 0) return name;
  throw new GitOpsError(
    'UnknownPath',
    name === undefined ? 'no such sender of webhooks' : `webhooks of ${name} are off`,
    {
      hint: `the configuration turns one on: webhooks: [{ sender: ${name ?? senderNames.join('|')}, secret: "env:NAME" }]`,
    },
  );
}
