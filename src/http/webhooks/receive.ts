/**
 * One webhook, from its bytes to its answer: verify, then parse, then hand over. Senders disable hooks that answer with
 * 4xx again and again, so what is none of our business is answered with 202 as well, and says so.
 */
import { ZodError } from 'zod';
import { GitOpsError } from '../../domain/errors.js';
import { normaliseRepositoryUrl, type RepositoryUrlRules } from '../../domain/repository-url.js';
import { parseJson } from '../body.js';
import { describeIssue } from '../issue.js';
import type { HandOver } from './hand-over.js';
import { senders, type Sender, type SenderName } from './senders.js';
import type { SignedRequest } from './signature.js';

export interface WebhookAnswer {
  readonly result: 'accepted' | 'nobody follows this repository' | 'ignored' | 'pong';
}

export interface WebhookSettings {
  /** By sender; several while a secret is changed. */
  readonly secrets: Readonly<Partial<Record<SenderName, readonly string[]>>>;
  readonly urls: RepositoryUrlRules;
  readonly handOver: HandOver;
}

/** @throws GitOpsError UnknownPath, BadSignature, InvalidInput, TooBusy, TemporalUnavailable */
export async function receive(
  name: SenderName,
  request: SignedRequest,
  { secrets, urls, handOver }: WebhookSettings,
): Promise<WebhookAnswer> {
  const sender = senders[name];
  verify(sender, request, secrets[name] ?? []);
  const payload = parseJson(request.body);
  const event = sender.eventOf(request, payload);
  if (event !== 'push') return { result: event === 'ping' ? 'pong' : 'ignored' };
  const followed = await handOver.take(addressesOf(sender, payload, urls));
  return { result: followed ? 'accepted' : 'nobody follows this repository' };
}

function verify({ checks, signedBy }: Sender, request: SignedRequest, secrets: readonly string[]): void {
  const verdicts = checks.flatMap((check) => secrets.map((secret) => check(request, secret)));
  const looked = verdicts.filter((verdict) => verdict !== undefined);
  if (looked.length === 0) throw unsigned(signedBy);
  if (!looked.includes(true))
    throw new GitOpsError('BadSignature', 'the signature does not fit the body', {
      hint: 'the secret there and the one in the configuration must be the same; nothing may change the body on its way',
    });
}

function unsigned(signedBy: string): GitOpsError {
  return new GitOpsError('BadSignature', 'the webhook is not signed', {
    hint: `give it a secret at its sender: then it carries ${signedBy}`,
  });
}

/** @throws InvalidInput */
function addressesOf(sender: Sender, payload: unknown, rules: RepositoryUrlRules): string[] {
  const given = readAddresses(sender, payload).filter((text) => text !== undefined);
  const urls = new Set(given.flatMap((text) => normalised(text, rules)));
  if (urls.size > 0) return [...urls];
  throw new GitOpsError('InvalidInput', 'the payload names no repository');
}

function readAddresses(sender: Sender, payload: unknown): readonly (string | undefined)[] {
  try {
    return sender.addresses(payload);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const [issue] = error.issues;
    const where = `${issue?.path.join('.')}: ${describeIssue(issue)}`;
    throw new GitOpsError('InvalidInput', `the payload is not this sender's: ${where}`);
  }
}

function normalised(text: string, rules: RepositoryUrlRules): string[] {
  try {
    return [normaliseRepositoryUrl(text, rules)];
  } catch {
    return [];
  }
}
