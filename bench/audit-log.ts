/**
 * The API server's own count of requests: lines of its audit log, by user and kind of request.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** `dry-run deployments` -> 250 */
export type RequestCounts = Readonly<Record<string, number>>;

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
}

export class AuditLog {
  constructor(private readonly path: string) {}

  /** A place in the log, to count from. The server writes a line before the client has its answer. */
  mark(): number {
    return statSync(this.path).size;
  }

  /** Finished requests of a user since the mark. A watch counts when it ends. */
  countSince(mark: number, user: string): RequestCounts {
    const counts: Record<string, number> = {};
    for (const event of this.eventsSince(mark).filter((e) => e.user.username === user)) {
      const kind = kindOf(event);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return counts;
  }

  private eventsSince(mark: number): AuditEvent[] {
    const lines = read(this.path, mark).split('\n');
    return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as AuditEvent);
  }
}

const writing = /^(create|update|patch|delete|deletecollection) /;

/** Kinds of request that change something; a dry run does not. */
export function writesAmong(requests: RequestCounts): string[] {
  return Object.keys(requests).filter((kind) => writing.test(kind));
}

function kindOf({ verb, requestURI, objectRef }: AuditEvent): string {
  const act = requestURI.includes('dryRun=All') ? 'dry-run' : verb;
  return `${act} ${objectRef?.resource ?? requestURI.split('?')[0]}`;
}

function read(path: string, from: number): string {
  const length = statSync(path).size - from;
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, from);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}
