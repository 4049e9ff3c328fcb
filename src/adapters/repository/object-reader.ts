/**
 * Objects of a mirror, read through one long-lived `git cat-file --batch`: to start git for each application costs
 * more than all else that a clone does. https://git-scm.com/docs/git-cat-file#_batch_output
 *
 * It ends when it was idle for a while, when anything goes wrong, and (its input closes) when this process dies.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { GitOpsError } from '../../domain/errors.js';

export interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

interface Waiting {
  readonly hash: string;
  resolve(object: GitObject): void;
  reject(error: Error): void;
}

const idleMs = 1000;
/** An object larger than this is no manifest. */
const limitBytes = 64 * 1024 * 1024;

export class ObjectReader {
  private child: ChildProcessWithoutNullStreams | undefined;
  private readonly waiting: Waiting[] = [];
  private received: Buffer[] = [];
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly start: () => ChildProcessWithoutNullStreams) {}

  /** @throws GitOpsError RepositoryUnreachable when the mirror does not hold the object: another fetch may bring it */
  read(hash: string): Promise<GitObject> {
    clearTimeout(this.idle);
    const child = (this.child ??= this.begin());
    return new Promise((resolve, reject) => {
      this.waiting.push({ hash, resolve, reject });
      child.stdin.write(`${hash}\n`);
    });
  }

  private begin(): ChildProcessWithoutNullStreams {
    const child = this.start();
    child.unref();
    child.stdout.on('data', (chunk: Buffer) => this.receive(chunk));
    child.stdin.on('error', () => undefined); // its end is told by `close`
    child.once('error', (error) => this.end(error));
    child.once('close', () => this.child === child && this.end(new Error('git cat-file has ended')));
    return child;
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    try {
      while (this.answerOne());
    } catch (error) {
      this.end(error as Error);
    }
    if (this.waiting.length === 0) this.idle = setTimeout(() => this.end(new Error('idle')), idleMs).unref();
  }

  /** Takes one whole answer off what was received. @returns whether there was one */
  private answerOne(): boolean {
    const bytes = this.received.length === 1 ? (this.received[0] as Buffer) : Buffer.concat(this.received);
    this.received = [bytes];
    const headEnd = bytes.indexOf('\n');
    const [asked] = this.waiting;
    if (headEnd < 0 || asked === undefined) return false;
    const [, type = '', size] = bytes.toString('latin1', 0, headEnd).split(' ');
    if (size === undefined) throw missing(asked.hash);
    const end = headEnd + 1 + checkedSize(Number(size), asked.hash);
    if (bytes.length <= end) return false;
    this.received = [bytes.subarray(end + 1)];
    this.waiting.shift();
    asked.resolve({ type, content: Buffer.from(bytes.subarray(headEnd + 1, end)) });
    return true;
  }

  private end(error: Error): void {
    clearTimeout(this.idle);
    this.child?.kill();
    this.child = undefined;
    this.received = [];
    for (const one of this.waiting.splice(0)) one.reject(error);
  }
}

function missing(hash: string): GitOpsError {
  return new GitOpsError('RepositoryUnreachable', `the mirror does not hold object ${hash}`);
}

function checkedSize(size: number, hash: string): number {
  if (size <= limitBytes) return size;
  throw new GitOpsError('RenderFailed', `object ${hash} of the repository has ${size} bytes`, {
    hint: 'give a path that holds manifests only',
  });
}
