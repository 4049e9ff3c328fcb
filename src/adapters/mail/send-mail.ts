/**
 * One email through an SMTP server: encrypted unless the script says otherwise, to an address scripts may talk to.
 */
import { createTransport } from 'nodemailer';
import { GitOpsError } from '../../domain/errors.js';
import type { GuardedAgent } from '../http/guarded-agent.js';

export interface Mail {
  readonly host: string;
  readonly port?: number;
  readonly secure?: boolean;
  readonly allow_plain?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly from: string;
  readonly to: string | readonly string[];
  readonly cc?: string | readonly string[];
  readonly subject: string;
  readonly message: string;
  readonly html?: string;
  readonly timeoutMs: number;
}

/** @throws GitOpsError RequestFailed, NotAllowed */
export type SendMail = (mail: Mail) => Promise<void>;

export function createSendMail(guard: GuardedAgent): SendMail {
  return async (mail) => {
    const { from, to, cc, subject, message: text, html } = mail;
    const transport = createTransport({
      ...(await serverOf(mail, guard)),
      ...timeoutsOf(mail),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const optional = { ...(cc === undefined ? {} : { cc: [cc].flat() }), ...(html === undefined ? {} : { html }) };
    try {
      await transport.sendMail({ from, to: [to].flat(), subject, text, ...optional });
    } catch (error) {
      throw new GitOpsError('RequestFailed', `email through ${mail.host}: ${(error as Error).message}`, {
        cause: error,
      });
    } finally {
      transport.close();
    }
  };
}

/** The address that was checked is the one that is connected to; the certificate must be of the name. */
async function serverOf(mail: Mail, guard: GuardedAgent): Promise<object> {
  const { host, secure = false, allow_plain = false, username, password } = mail;
  return {
    host: await guard.addressOf(host),
    port: mail.port ?? (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !allow_plain,
    tls: { servername: host },
    ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
  };
}

function timeoutsOf({ timeoutMs }: Mail): object {
  return { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
}
