/**
 * One message to people, sent once. Secrets become texts here and nowhere else.
 */
import type { Exchange } from '../adapters/http/exchange.js';
import type { Mail, SendMail } from '../adapters/mail/send-mail.js';
import type { ResolveSecret } from '../adapters/secrets/resolve-secret.js';
import { GitOpsError } from '../domain/errors.js';
import { postOf } from '../domain/notifications.js';
import { withHeartbeat } from './heartbeat.js';
import { maskErrors } from './http-request.js';
import { resolveTexts, type Resolved } from './secret-values.js';

export interface Notification {
  readonly service: string;
  /** As the service's schema has them; references where secrets belong. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

export interface NotificationDependencies {
  readonly exchange: Exchange;
  readonly sendMail: SendMail;
  readonly resolveSecret: ResolveSecret;
}

/** Fields whose text is itself a reference. */
const references = ['password', 'token'];

export function createSendNotification({ exchange, sendMail, resolveSecret }: NotificationDependencies) {
  /** @throws GitOpsError RequestFailed, which says what the service answered */
  return async function sendNotification({ service, fields, timeoutMs }: Notification): Promise<void> {
    const resolved = await resolveTexts<Record<string, unknown>>(withReferences(fields), resolveSecret);
    return maskErrors(resolved, () =>
      withHeartbeat(({ signal }) =>
        service === 'email'
          ? sendMail({ ...(resolved.value as unknown as Mail), timeoutMs })
          : post(service, resolved, { exchange, timeoutMs, signal }),
      ),
    );
  };
}

function withReferences(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      references.includes(name) && typeof value === 'string' ? { $secret: ['', value, ''] } : value,
    ]),
  );
}

async function post(
  service: string,
  { value, secrets }: Resolved<Record<string, unknown>>,
  { exchange, ...limits }: { exchange: Exchange; timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const message = postOf(service, value);
  if (message === undefined) throw new GitOpsError('InvalidInput', `there is no service '${service}'`);
  const confidential = secrets.length > 0;
  const { status, body } = await exchange({ ...message, ...limits, followRedirects: false, confidential });
  if (status >= 200 && status < 300) return;
  throw new GitOpsError(
    'RequestFailed',
    `${service} refused the message: ${status} ${body.toString('utf8').slice(0, 200)}`,
    { retryable: status === 408 || status === 429 || status >= 500 },
  );
}
