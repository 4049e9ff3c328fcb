/** Who sends webhooks, and how each signs, says what happened and names its repository. */
import {
  hexSignature,
  header,
  plainToken,
  standardWebhook,
  type SignatureCheck,
  type SignedRequest,
} from './signature.js';
import { bitbucketAddresses, genericAddresses, githubAddresses, gitlabAddresses, type Addresses } from './payload.js';

export const senderNames = ['github', 'gitlab', 'gitea', 'forgejo', 'bitbucket', 'generic'] as const;
export type SenderName = (typeof senderNames)[number];

/** `push`: branches or tags moved; `ping`: the sender asks whether anybody is there; all else is no news. */
export type WebhookEvent = 'push' | 'ping' | 'other';

export interface Sender {
  readonly checks: readonly SignatureCheck[];
  /** The headers of which one must be there, for the message. */
  readonly signedBy: string;
  readonly addresses: Addresses;
  eventOf(request: SignedRequest, payload: unknown): WebhookEvent;
}

const pushes: readonly string[] = ['push', 'create', 'delete'];

function eventIn(name: string): Sender['eventOf'] {
  return (request) => {
    const event = header(request, name) ?? '';
    if (event === 'ping') return 'ping';
    return pushes.includes(event) ? 'push' : 'other';
  };
}

/** A system hook names its event in the payload alone. */
const gitlabEvent: Sender['eventOf'] = (_request, payload) => {
  const { object_kind: kind, event_name: name } = (payload ?? {}) as { object_kind?: unknown; event_name?: unknown };
  return [kind, name].some((event) => event === 'push' || event === 'tag_push') ? 'push' : 'other';
};

const bitbucketEvent: Sender['eventOf'] = (request) => {
  const event = header(request, 'x-event-key');
  if (event === 'diagnostics:ping') return 'ping';
  return event === 'repo:push' || event === 'repo:refs_changed' ? 'push' : 'other';
};

export const senders: Readonly<Record<SenderName, Sender>> = {
  github: {
    checks: [hexSignature('x-hub-signature-256', 'sha256=')],
    signedBy: 'X-Hub-Signature-256',
    addresses: githubAddresses,
    eventOf: eventIn('x-github-event'),
  },
  gitlab: {
    checks: [standardWebhook, plainToken('x-gitlab-token')],
    signedBy: 'webhook-signature or X-Gitlab-Token',
    addresses: gitlabAddresses,
    eventOf: gitlabEvent,
  },
  gitea: {
    checks: [hexSignature('x-gitea-signature')],
    signedBy: 'X-Gitea-Signature',
    addresses: githubAddresses,
    eventOf: eventIn('x-gitea-event'),
  },
  forgejo: {
    checks: [hexSignature('x-forgejo-signature'), hexSignature('x-gitea-signature')],
    signedBy: 'X-Forgejo-Signature',
    addresses: githubAddresses,
    eventOf: eventIn('x-forgejo-event'),
  },
  bitbucket: {
    checks: [hexSignature('x-hub-signature', 'sha256=')],
    signedBy: 'X-Hub-Signature',
    addresses: bitbucketAddresses,
    eventOf: bitbucketEvent,
  },
  generic: {
    checks: [standardWebhook, hexSignature('x-signature-256', 'sha256=')],
    signedBy: 'webhook-signature or X-Signature-256',
    addresses: genericAddresses,
    eventOf: () => 'push',
  },
};
