/**
 * Objects of a mirror, read through one long-lived `git cat-file --batch`: to start git for each application costs
 * more than all else that a clone does. https://git-scm.com/docs/git-cat-file#_batch_output
 *
 * It ends when it was idle for a while, when anything goes wrong, and (its input closes) when this process dies.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { GitOpsError } from '../../domain/errors.js';
import { ByteQueue } from './byte-queue.js';

export interface GitObject {
  readonly type: string;
  readonly content: Buffer;
}

interface Waiting {
  readonly hash: string;
  resolve(object: GitObject): void;
  reject(error: Error): void;
}

interface Head {
  readonly type: string;
  /** Absent when the object is missing. */
  readonly size: number | undefined;
}

const idleMs = 1000;
/** An object larger than this is no manifest. */
export const objectLimitBytes = 64 * 1024 * 1024;

export class ObjectReader {
  private child: ChildProcessWithoutNullStreams | undefined;
  private readonly waiting: Waiting[] = [];
  private received = new ByteQueue();
  /** Of the answer that is arriving. */
  private head: Head | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly start: () => ChildProcessWithoutNullStreams) {}

  /**
   * @throws GitOpsError RepositoryUnreachable when the mirror does not hold the object: another fetch may bring it;
   * RenderFailed for an object of more than `objectLimitBytes`. Other reads go on
   */
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
    const current = (): boolean => this.child === child;
    child.unref();
    child.stdout.on('data', (chunk: Buffer) => current() && this.receive(chunk));
    child.stdin.on('error', () => undefined); // its end is told by `close`
    child.once('error', (error) => current() && this.end(error));
    child.once('close', () => current() && this.end(new Error('git cat-file has ended')));
    return child;
  }

  private receive(chunk: Buffer): void {
    this.received.push(chunk);
    while (this.answerOne());
    clearTimeout(this.idle);
    if (this.waiting.length === 0) this.idle = setTimeout(() => this.end(new Error('idle')), idleMs).unref();
  }

  /** Takes one whole answer off what was received. @returns whether there was one */
  private answerOne(): boolean {
    const [asked] = this.waiting;
    this.head ??= parseHead(this.received.takeLine());
    if (asked === undefined || this.head === undefined) return false;
    const { type, size } = this.head;
    if (size === undefined) return this.refuse(missing(asked.hash));
    if (size > objectLimitBytes) return this.skip(tooLarge(size, asked.hash));
    if (this.received.length <= size) return false;
    this.next()?.resolve({ type, content: Buffer.from(this.received.take(size + 1).subarray(0, size)) });
    return true;
  }

  private next(): Waiting | undefined {
    this.head = undefined;
    return this.waiting.shift();
  }

  private refuse(error: Error): true {
    this.next()?.reject(error);
    return true;
  }

  /** Refuses one object without reading it: another git is asked for those that wait behind it. */
  private skip(error: Error): false {
    this.refuse(error);
    this.stop();
    if (this.waiting.length === 0) return false;
    this.child = this.begin();
    for (const { hash } of this.waiting) this.child.stdin.write(`${hash}\n`);
    return false;
  }

  private end(error: Error): void {
    this.stop();
    for (const one of this.waiting.splice(0)) one.reject(error);
  }

  private stop(): void {
    clearTimeout(this.idle);
    this.child?.kill();
    this.child = undefined;
    this.head = undefined;
    this.received = new ByteQueue();
  }
}

/** `<hash> <type> <size>`, or `<hash> missing`. */
function parseHead(line: string | undefined): Head | undefined {
  if (line === undefined) return undefined;
  const [, type = '', size] = line.split(' ');
  return { type, size: size === undefined ? undefined : Number(size) };
}

function missing(hash: string): GitOpsError {
  return new GitOpsError('RepositoryUnreachable', `the mirror does not hold object ${hash}`);
}

function tooLarge(size: number, hash: string): GitOpsError {
  return new GitOpsError('RenderFailed', `object ${hash} of the repository has ${size} bytes`, {
    hint: 'give a path that holds manifests only',
  });
}
