/**
 * Objects of one bucket: three requests, their retries, and what their failures mean. The AWS SDK is loaded by the first
 * request: it takes a quarter of a second, and most installations keep their artifacts in a folder.
 */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { GitOpsError } from '../../domain/errors.js';

export interface S3Settings {
  readonly bucket: string;
  /** In front of every key: empty, or something that ends in a slash. */
  readonly prefix: string;
  /** Of a store that is not AWS's own. */
  readonly endpoint?: string;
  /** By default what the SDK finds (AWS_REGION, the profile). */
  readonly region?: string;
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Read again before the SDK may have to sign with keys that were rotated. */
const credentialsValidMs = 5 * 60_000;

/** What we make is far smaller; whoever else writes into the bucket must not fill the worker's memory. */
export const largestObject = 256 << 20;

/** Four attempts with growing, scattered pauses; a store that is silent has cost half a minute then. */
const patience: Pick<S3ClientConfig, 'maxAttempts' | 'retryMode' | 'requestHandler'> = {
  maxAttempts: 4,
  retryMode: 'standard',
  requestHandler: { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

export class S3Objects {
  private opened: Promise<Sdk> | undefined;

  /** @param credentials default: the SDK's own chain (variables, profile, web identity, instance) */
  constructor(
    private readonly settings: S3Settings,
    private readonly credentials?: () => Promise<S3Credentials>,
  ) {}

  /** `s3://bucket/prefix`, as people write it. */
  get place(): string {
    return `s3://${this.settings.bucket}/${this.settings.prefix}`;
  }

  async size(key: string): Promise<number | undefined> {
    return this.ask(async ({ client, HeadObjectCommand }) => {
      const answer = await client.send(new HeadObjectCommand(this.at(key)));
      return answer.ContentLength ?? 0;
    });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.ask(async ({ client, GetObjectCommand }) => {
      const { Body: body, ContentLength: size = 0 } = await client.send(new GetObjectCommand(this.at(key)));
      if (size <= largestObject) return body?.transformToByteArray() ?? new Uint8Array();
      throw tooLarge(`${this.place}${key}`, size);
    });
  }

  /** @param sha256 in base 64: a store that knows the header refuses bytes that were damaged on their way */
  async put(key: string, bytes: Uint8Array, sha256: string): Promise<void> {
    if (bytes.byteLength > largestObject) throw tooLarge('an artifact', bytes.byteLength);
    const stored = await this.ask(async ({ client, PutObjectCommand }) => {
      await client.send(new PutObjectCommand({ ...this.at(key), Body: bytes, ChecksumSHA256: sha256 }));
      return true;
    });
    if (stored === undefined) throw this.noBucket();
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.bucket, Key: `${this.settings.prefix}${key}` };
  }

  /** @returns undefined when there is no such object */
  private async ask<T>(request: (sdk: Sdk) => Promise<T>): Promise<T | undefined> {
    try {
      return await request(await this.sdk());
    } catch (error) {
      if (error instanceof GitOpsError) throw error;
      const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
      if (name === 'NoSuchBucket') throw this.noBucket();
      if ($metadata?.httpStatusCode === 404) return undefined;
      throw this.failure(error, $metadata?.httpStatusCode);
    }
  }

  private sdk(): Promise<Sdk> {
    this.opened ??= open(this.settings, this.credentials);
    this.opened.catch(() => (this.opened = undefined));
    return this.opened;
  }

  private noBucket(): GitOpsError {
    return new GitOpsError('InvalidConfig', `the artifact store has no bucket '${this.settings.bucket}'`, {
      hint: 'create it, or mend artifacts.s3.bucket of the configuration',
    });
  }

  private failure(error: unknown, status: number | undefined): GitOpsError {
    const { name = 'Error', message = String(error) } = error as Partial<Error>;
    const said = `${name}: ${message}`.split('\n')[0];
    if (status === 401 || status === 403)
      return new GitOpsError('NotAllowed', `the artifact store ${this.place} refuses us (${said})`, {
        hint: 'its credentials need s3:GetObject, s3:PutObject and s3:ListBucket; see artifacts.s3 of the configuration',
        cause: error,
      });
    if (name === 'CredentialsProviderError')
      return new GitOpsError('SecretUnavailable', `there are no credentials for the artifact store ${this.place}`, {
        hint: 'set access_key and secret_key under artifacts.s3, or give the worker an identity that the AWS SDK finds',
        cause: error,
      });
    const where = this.settings.endpoint ?? 'AWS';
    return new GitOpsError('ArtifactStoreUnreachable', `the artifact store ${this.place} at ${where}: ${said}`, {
      hint: 'sloth-runner doctor tries it',
      cause: error,
    });
  }
}

type Sdk = Pick<typeof import('@aws-sdk/client-s3'), 'GetObjectCommand' | 'HeadObjectCommand' | 'PutObjectCommand'> & {
  readonly client: S3Client;
};

async function open(settings: S3Settings, credentials?: () => Promise<S3Credentials>): Promise<Sdk> {
  // It warns about old versions of Node on the terminal of whoever runs a command.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, pathStyle } = settings;
  const client = new sdk.S3Client({
    ...patience,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials: expiring(credentials) }),
    forcePathStyle: pathStyle,
    // Ours is checked on every read anyway; stores that are not AWS's often do not know the newer kinds.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { ...sdk, client };
}

function expiring(read: () => Promise<S3Credentials>) {
  return async () => ({ ...(await read()), expiration: new Date(Date.now() + credentialsValidMs) });
}

function tooLarge(what: string, size: number): GitOpsError {
  const mebibytes = (bytes: number): number => Math.ceil(bytes / (1 << 20));
  return new GitOpsError(
    'InvalidInput',
    `${what} has ${mebibytes(size)} MiB, an artifact at most ${mebibytes(largestObject)} MiB`,
  );
}
