/**
 * A real S3 server on a folder: versitygw on a port of loopback, with one bucket. What it stores are files, so a test can
 * damage them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../src/local/free-port.js';
import { startProcess, waitUntilReady } from '../../src/local/process-group.js';
import { stopProcess } from '../../src/local/process-identity.js';
import { findOrInstallTool } from '../../src/local/tools-cache.js';

export const s3Keys = { accessKeyId: 'sloth', secretAccessKey: 'a-secret-of-the-store' } as const;
const bucket = 'artifacts';

export interface S3Server {
  readonly endpoint: string;
  readonly port: number;
  readonly bucket: string;
  /** Where the object of a key lies. */
  fileOf(key: string): string;
  /** For config.yaml: the keys stand in S3_ACCESS_KEY and S3_SECRET_KEY. */
  config(prefix?: string, port?: number): object;
  stop(): Promise<void>;
}

export const s3Environment = { S3_ACCESS_KEY: s3Keys.accessKeyId, S3_SECRET_KEY: s3Keys.secretAccessKey } as const;

export async function startS3Server(): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'sloth-s3-'));
  for (const name of ['data', 'data/artifacts', 'meta']) mkdirSync(join(folder, name));
  const [port = 0] = await freePorts(1);
  const started = await startProcess({
    name: 'versitygw',
    command: await findOrInstallTool('versitygw'),
    args: ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', join(folder, 'meta'), join(folder, 'data')],
    env: { ROOT_ACCESS_KEY: s3Keys.accessKeyId, ROOT_SECRET_KEY: s3Keys.secretAccessKey, HOME: folder },
    logFile: join(folder, 'versitygw.log'),
    detached: false,
  });
  await waitUntilReady({ what: 'versitygw', processes: [started], isReady: () => answers(port), timeoutMs: 20_000 });
  const endpointOf = (at: number): string => `http://127.0.0.1:${at}`;
  return {
    endpoint: endpointOf(port),
    port,
    bucket,
    fileOf: (key) => join(folder, 'data', bucket, key),
    config: (prefix = 'test', at = port) => ({
      s3: {
        bucket,
        prefix,
        endpoint: endpointOf(at),
        region: 'us-east-1',
        access_key: 'env:S3_ACCESS_KEY',
        secret_key: 'env:S3_SECRET_KEY',
      },
    }),
    stop: async () => {
      await stopProcess(started, 5000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (socket.destroy(), resolve(true)));
    socket.on('error', () => resolve(false));
  });
}
