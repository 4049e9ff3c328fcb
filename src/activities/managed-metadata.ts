/**
 * Metadata of every object the engine manages in a cluster, listed once for each kind and kept as fingerprints.
 */
import { createHash } from 'node:crypto';
import type { Cluster } from '../adapters/cluster/cluster.js';
import { missing, unlisted } from '../domain/drift/baseline.js';
import { fingerprintOf, type Fingerprint } from '../domain/drift/fingerprint.js';
import { GitOpsError } from '../domain/errors.js';
import { keyOf, referenceOf, type KubernetesObject, type ObjectReference } from '../domain/object.js';
import { managedSelector } from './live-objects.js';

type Metadata = Pick<KubernetesObject, 'metadata'>;
type Kind = Pick<ObjectReference, 'apiVersion' | 'kind'>;

/** The objects of a kind; or, where the server did not list them, why that gives which verdict. */
type Listing = ReadonlyMap<string, Metadata> | { readonly instead: Fingerprint | undefined };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export class ManagedMetadata {
  private readonly listings = new Map<string, Promise<Listing>>();
  private readonly failed = new Set<string>();

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
   * @param everyChange whether it must move with any change of the object
   * @returns undefined when the server did not answer: unreachable is never absent
   */
  async fingerprint(reference: ObjectReference, everyChange: boolean): Promise<Fingerprint | undefined> {
    const listing = await this.listing(reference);
    if ('instead' in listing) return listing.instead;
    const object = listing.get(keyOf(reference));
    return object === undefined ? missing : fingerprintOf(object, sha256, everyChange);
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
      if (!(error instanceof GitOpsError)) throw error;
      if (error.code === 'UnknownKind') return new Map(); // discovery was complete: there can be none
      this.failed.add(error.message);
      return { instead: error.code === 'Forbidden' ? unlisted : undefined };
    }
  }
}
