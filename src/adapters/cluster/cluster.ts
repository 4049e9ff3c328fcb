/**
 * A Kubernetes cluster as the activities see it. No decisions here: each method is one request (lists: one a page)
 * plus discovery, which is cached.
 *
 * Every method rejects with a GitOpsError: ClusterUnreachable (also for 5xx and 429; with the server's Retry-After),
 * ClusterAuthentication, Forbidden, UnknownKind, NamespaceNotFound, NamespaceTerminating, FieldConflict (a FieldConflictError),
 * PlanOutdated (a precondition did not hold), ObjectInvalid. Unreachable is never absent: `undefined` and `gone` come
 * from a server's answer alone.
 */
import type { KubernetesObject, ObjectReference } from '../../domain/object.js';

export interface Cluster {
  /** As destinations name it. */
  readonly name: string;
  /** Git version of the API server, `v1.36.3`; always asks it. */
  version(options?: RequestOptions): Promise<string>;
  /** All it serves, as charts ask for it: `apps/v1` and `apps/v1/Deployment`. */
  apiVersions(options?: RequestOptions): Promise<readonly string[]>;
  /** The API resource of a kind, or undefined when the cluster does not know it; a miss reads discovery again. */
  resource(apiVersion: string, kind: string, options?: RequestOptions): Promise<ApiResource | undefined>;
  get(reference: ObjectReference, options?: RequestOptions): Promise<KubernetesObject | undefined>;
  list(selection: Selection, options?: ListOptions): Promise<ObjectList>;
  /** Server-side apply. */
  apply(object: KubernetesObject, options?: ApplyOptions): Promise<Applied>;
  delete(reference: ObjectReference, options: DeleteOptions): Promise<Deletion>;
  /** For the engine's own inventory object, and what resource actions make: anything else is applied. */
  create(object: KubernetesObject, options?: CreateOptions): Promise<KubernetesObject>;
  /**
   * Whether the server would take the object as a new one, were its name free. Nothing is created.
   * @throws GitOpsError what it has against the object
   */
  rehearseCreate(object: KubernetesObject, options?: RequestOptions): Promise<void>;
  /** Replaces exactly the version that `metadata.resourceVersion` names. */
  replace(object: KubernetesObject, options?: ReplaceOptions): Promise<KubernetesObject>;
  /** JSON patch (RFC 6902), for metadata alone. */
  patch(reference: ObjectReference, operations: readonly object[], options?: RequestOptions): Promise<KubernetesObject>;
  /** Merge patch (RFC 7386) of a resource action, onto exactly the version it was made for. */
  mergePatch(reference: ObjectReference, change: MergePatch): Promise<KubernetesObject>;
  /** Changes after `resourceVersion`; ends when the server closes the stream, after an `expired` event on 410. */
  watch(selection: Selection, options: WatchOptions): AsyncIterable<WatchEvent>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends RequestOptions {
  /** Objects without anything but their metadata; from a server that cannot leave it out, whole. */
  readonly metadataOnly?: boolean;
}

/** Objects of one kind: in one namespace or in all, with a label or without. */
export interface Selection {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface ApiResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  /** Where a watch goes on from. */
  readonly resourceVersion: string;
}

export interface ApplyOptions extends RequestOptions {
  readonly dryRun?: boolean;
  /** Take over fields that other managers own. */
  readonly force?: boolean;
  /** Refused (PlanOutdated) unless the live object has this uid. */
  readonly uid?: string;
  /** Refused (PlanOutdated) unless the live object stands at this version. */
  readonly resourceVersion?: string;
}

export interface CreateOptions extends RequestOptions {
  /** By default the one of everything we apply. */
  readonly fieldManager?: string;
}

export interface MergePatch extends ReplaceOptions {
  readonly patch: Readonly<Record<string, unknown>>;
  /** Refused (PlanOutdated) unless the live object is this one, at this version. */
  readonly uid: string;
  readonly resourceVersion: string;
  /** UnknownKind or PlanOutdated where the kind has no such subresource. */
  readonly subresource?: 'status';
}

export interface ReplaceOptions extends RequestOptions {
  readonly dryRun?: boolean;
}

export interface Applied {
  readonly object: KubernetesObject;
  readonly created: boolean;
}

export interface DeleteOptions extends RequestOptions {
  /** Refused (PlanOutdated) when the live object has another. */
  readonly uid: string;
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

export interface Deletion {
  /** False while finalizers or a grace period hold the object. */
  readonly gone: boolean;
}

export interface WatchOptions extends RequestOptions {
  readonly resourceVersion: string;
}

export type WatchEvent =
  | { readonly type: 'set'; readonly object: KubernetesObject }
  | { readonly type: 'gone'; readonly object: KubernetesObject }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'expired' };

/** Finds clusters by the name a destination gives. */
export interface ClusterRegistry {
  /** @throws GitOpsError UnknownCluster, NotAllowed (a credential plugin nobody allowed), InvalidConfig */
  get(name: string): Promise<Cluster>;
  close(): Promise<void>;
}
