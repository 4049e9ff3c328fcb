/**
 * Namespaces that are being deleted: nothing may be written into them, and a user wants to know since when.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import type { KubernetesObject } from '../domain/object.js';

export class TerminatingNamespaces {
  /** Looked at once in a plan. */
  private readonly since = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  /** The server's refusal with the time added; any other error as it is. */
  async explain(error: unknown, namespace = ''): Promise<unknown> {
    if (!hasCode(error, 'NamespaceTerminating')) return error;
    const { message, hint } = error as GitOpsError;
    const since = await this.deletedSince(namespace);
    return new GitOpsError('NamespaceTerminating', since === undefined ? message : `${message} since ${since}`, {
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /**
   * The server refuses what is new in such a namespace, and lets updates pass: before one, we look ourselves.
   * @throws GitOpsError NamespaceTerminating
   */
  async refuseUpdate({ kind, metadata: { namespace, name } }: KubernetesObject): Promise<void> {
    if (namespace === undefined) return;
    const since = await this.deletedSince(namespace);
    if (since === undefined) return;
    throw new GitOpsError(
      'NamespaceTerminating',
      `${kind} ${namespace}/${name}: namespace ${namespace} is being deleted since ${since}`,
      { hint: `wait until it is gone (kubectl get namespace ${namespace} says when), then sync again` },
    );
  }

  private deletedSince(name: string): Promise<string | undefined> {
    const known = this.since.get(name) ?? this.read(name);
    this.since.set(name, known);
    return known;
  }

  private async read(name: string): Promise<string | undefined> {
    const reference = { apiVersion: 'v1', kind: 'Namespace', name };
    try {
      return (await this.cluster.get(reference, { signal: this.signal }))?.metadata.deletionTimestamp;
    } catch (error) {
      if (hasCode(error, 'Forbidden')) return undefined; // an account may be bound to what is inside
      throw error;
    }
  }
}
