/**
 * The HTTP API of this process: what it needs is built here and handed in, as the workers' parts are.
 */
import { openArtifacts } from '../adapters/artifacts/open-artifacts.js';
import { secretResolver } from '../adapters/secrets/resolve-secret.js';
import { connect } from '../client/connection.js';
import type { GitOpsClient } from '../client/gitops-client.js';
import type { TemporalAddress } from '../client/temporal-options.js';
import type { Config } from '../config/config.js';
import { GitOpsError } from '../domain/errors.js';
import { redact } from '../domain/redaction.js';
import { apiToken, parseListen, type ListenAddress } from '../http/access.js';
import { buildServer } from '../http/server.js';
import { HandOver } from '../http/webhooks/hand-over.js';
import type { SenderName } from '../http/webhooks/senders.js';
import { packageVersion } from './package-version.js';

export interface StartedApi {
  readonly url: string;
  readonly tokenFile: string;
  /** Answers what is under way, then closes. */
  stop(): Promise<void>;
}

export interface ApiSettings {
  readonly listen: ListenAddress;
  readonly tokenFile: string;
  readonly token: string;
  readonly secrets: Readonly<Partial<Record<SenderName, readonly string[]>>>;
}

/**
 * Everything that may be wrong with the configuration, before anything is started.
 * @param usual where it listens when nobody said
 * @throws GitOpsError InvalidConfig, SecretUnavailable
 */
export async function apiSettings(config: Config, usual: string): Promise<ApiSettings> {
  const listen = parseListen(config.api.listen ?? usual);
  const place = { listen, home: config.home, mode: config.mode, file: config.api.tokenFile };
  return { listen, ...apiToken(place), secrets: await webhookSecrets(config) };
}

async function webhookSecrets(config: Config): Promise<Record<string, string[]>> {
  const resolve = secretResolver(config);
  const secrets: Record<string, string[]> = {};
  for (const { sender, secret: reference } of config.webhooks) {
    const secret = await resolve(reference);
    if (secret === '')
      throw new GitOpsError('InvalidConfig', `the secret ${reference} of ${sender}'s webhooks is empty`);
    secrets[sender] = [...(secrets[sender] ?? []), secret];
  }
  return secrets;
}

/** @throws GitOpsError InvalidConfig when the address is taken, TemporalUnavailable */
export async function startApi(
  config: Config,
  temporal: TemporalAddress,
  settings: ApiSettings,
  workerMetrics?: string,
): Promise<StartedApi> {
  const client = await connect({
    ...temporal,
    artifacts: openArtifacts(config, secretResolver(config)),
    driftIntervalMs: config.driftIntervalMs,
  });
  const look = (urls: readonly string[]): Promise<readonly string[]> => client.repositories.lookNow(urls);
  const server = buildServer({
    client,
    token: settings.token,
    version: packageVersion(),
    webhooks: { secrets: settings.secrets, urls: config.repositoryUrls, handOver: new HandOver(look) },
    workerMetrics,
    log: (line) => process.stderr.write(`${new Date().toISOString()} ERROR ${redact(line)}\n`),
  });
  const url = await listening(server, settings.listen, client);
  return {
    url,
    tokenFile: settings.tokenFile,
    stop: async () => {
      await server.close();
      await client.close();
    },
  };
}

type Server = ReturnType<typeof buildServer>;

async function listening(server: Server, { host, port }: ListenAddress, client: GitOpsClient): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    await client.close();
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'somebody else listens there' : String(code);
    throw new GitOpsError('InvalidConfig', `the API cannot listen on ${host}:${port}: ${why}`, {
      hint: 'choose another with api.listen in the configuration, or with --listen',
    });
  }
}
