/**
 * Metadata of every object the engine manages in a cluster, listed once for each kind and kept as fingerprints.
 */
import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { missing, unlisted } from '../domain/drift/baseline.js';
import { fingerprintOf, type Fingerprint, type Watch } from '../domain/drift/fingerprint.js';
import { GitOpsError, hasCode } from '../domain/errors.js';
import { keyOf, referenceOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { managedSelector } from './live-objects.js';

type Metadata = Pick<KubernetesObject, 'metadata'>;
type Kind = Pick<ObjectReference, 'apiVersion' | 'kind'>;

/** The objects of a kind; or, where the server did not list them, why that gives which verdict. */
type Listing = ReadonlyMap<string, Metadata> | { readonly instead: Fingerprint | undefined };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export class ManagedMetadata {
  private readonly listings = new Map<string, Promise<Listing>>();
  private readonly asked = new Map<string, Promise<Metadata | undefined>>();
  private readonly failed = new Set<string>();
  private readonly limit = pLimit(16);

  constructor(
    private readonly cluster: Cluster,
    private readonly signal: AbortSignal,
  ) {}

  /** What could not be listed and why, a line each. */
  get failures(): readonly string[] {
    return [...this.failed];
  }

  /** Lists these kinds now, so that no later answer is older than what is read after it. */
  async list(kinds: Iterable<Kind>): Promise<void> {
    await Promise.all([...kinds].map((kind) => this.listing(kind)));
  }

  /**
   * Of the object as it was when it was first asked for.
   * @returns undefined when the server did not answer: unreachable is never absent
   */
  async fingerprint(reference: ObjectReference, watch: Watch): Promise<Fingerprint | undefined> {
    const listing = await this.listing(reference);
    if ('instead' in listing) return listing.instead;
    try {
      const object = listing.get(keyOf(reference)) ?? (await this.unlabelled(reference));
      return object === undefined ? missing : fingerprintOf(object, sha256, watch);
    } catch (error) {
      return this.instead(error);
    }
  }

  /** One that is not in the list is gone, or has lost our label. */
  private unlabelled(reference: ObjectReference): Promise<Metadata | undefined> {
    const key = keyOf(reference);
    const { signal } = this;
    const known = this.asked.get(key) ?? this.limit(() => this.get(reference, signal));
    this.asked.set(key, known);
    return known;
  }

  private async get(reference: ObjectReference, signal: AbortSignal): Promise<Metadata | undefined> {
    const { apiVersion, kind } = reference;
    if ((await this.cluster.resource(apiVersion, kind, { signal })) === undefined) return undefined;
    return this.cluster.get(reference, { signal });
  }

  private listing({ apiVersion, kind }: Kind): Promise<Listing> {
    const key = `${apiVersion} ${kind}`;
    const known = this.listings.get(key) ?? this.read({ apiVersion, kind });
    this.listings.set(key, known);
    return known;
  }

  private async read(kind: Kind): Promise<Listing> {
    try {
      const options = { signal: this.signal, metadataOnly: true };
      const { items } = await this.cluster.list({ ...kind, labelSelector: managedSelector }, options);
      return new Map(items.map((item) => [keyOf(referenceOf(item)), { metadata: item.metadata }]));
    } catch (error) {
      if (hasCode(error, 'UnknownKind')) return new Map(); // discovery was complete: there can be none
      return { instead: this.instead(error) };
    }
  }

  /** @throws whatever is no answer of the cluster */
  private instead(error: unknown): Fingerprint | undefined {
    if (!(error instanceof GitOpsError)) throw error;
    this.failed.add(error.message);
    return error.code === 'Forbidden' ? unlisted : undefined;
  }
}
