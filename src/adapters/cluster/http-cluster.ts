/**
 * The Cluster over HTTP.
 */
import { hasCode } from '../../domain/errors.js';
import { referenceOf, tracking, type KubernetesObject, type ObjectReference } from '../../domain/object.js';
import type {
  ApiResource,
  Applied,
  ApplyOptions,
  Cluster,
  CreateOptions,
  DeleteOptions,
  Deletion,
  ListOptions,
  MergePatch,
  ObjectList,
  ReplaceOptions,
  RequestOptions,
  Selection,
  WatchEvent,
  WatchOptions,
} from './cluster.js';
import { apiRoot, Discovery } from './discovery.js';
import { unknownKind, type Attempt, type Subject } from './status-failure.js';
import type { HttpAnswer, HttpRequest, Transport } from './transport.js';
import { watchEvents } from './watch-stream.js';

interface Page {
  readonly metadata: { readonly continue?: string; readonly resourceVersion: string };
  /** Null in an empty list of metadata. */
  readonly items: readonly KubernetesObject[] | null;
}

/** Objects a page: as client-go's reflectors ask. */
const pageSize = 500;
/** https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches */
const metadataList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
/** The server ends a watch after this long, in seconds; we go on with a new one. */
const watchSeconds = 290;

export class HttpCluster implements Cluster {
  private readonly discovery: Discovery;

  constructor(
    readonly name: string,
    private readonly transport: Transport,
  ) {
    this.discovery = new Discovery(transport, name);
  }

  async version({ signal }: RequestOptions = {}): Promise<string> {
    const { body } = await this.transport.send(
      { method: 'GET', path: '/version', signal },
      this.attempt('read /version'),
    );
    return (body as { gitVersion: string }).gitVersion;
  }

  apiVersions({ signal }: RequestOptions = {}): Promise<readonly string[]> {
    return this.discovery.apiVersions(signal);
  }

  resource(apiVersion: string, kind: string, { signal }: RequestOptions = {}): Promise<ApiResource | undefined> {
    return this.discovery.find(apiVersion, kind, signal);
  }

  async get(reference: ObjectReference, { signal }: RequestOptions = {}): Promise<KubernetesObject | undefined> {
    const path = await this.objectPath(reference, signal);
    try {
      const { body } = await this.send({ method: 'GET', path, signal }, 'get', reference);
      return body as KubernetesObject;
    } catch (error) {
      if (hasCode(error, 'PlanOutdated')) return undefined; // a 404 that names the object
      throw error;
    }
  }

  async list(selection: Selection, { signal, metadataOnly }: ListOptions = {}): Promise<ObjectList> {
    const items: KubernetesObject[] = [];
    const query = new URLSearchParams({ limit: String(pageSize), ...labels(selection) });
    const path = await this.collectionPath(selection, signal);
    const accept = metadataOnly ? { accept: metadataList } : {};
    for (;;) {
      const request = { method: 'GET', path: `${path}?${query}`, signal, ...accept } as const;
      const { body } = await this.send(request, 'list', selection);
      const page = body as Page;
      for (const item of page.items ?? []) items.push(typed(item, selection));
      if (!page.metadata.continue) return { items, resourceVersion: page.metadata.resourceVersion };
      query.set('continue', page.metadata.continue);
    }
  }

  async apply(object: KubernetesObject, options: ApplyOptions = {}): Promise<Applied> {
    const reference = referenceOf(object);
    const { dryRun, force, signal } = options;
    const query = new URLSearchParams({ fieldManager: tracking.fieldManager, fieldValidation: 'Strict' });
    if (force) query.set('force', 'true');
    if (dryRun) query.set('dryRun', 'All');
    const path = `${await this.objectPath(reference, signal)}?${query}`;
    const contentType = 'application/apply-patch+yaml'; // JSON is YAML
    const body = withPreconditions(object, options);
    const answer = await this.send({ method: 'PATCH', path, contentType, body, signal }, 'apply', reference);
    return { object: answer.body as KubernetesObject, created: answer.code === 201 };
  }

  async delete(reference: ObjectReference, options: DeleteOptions): Promise<Deletion> {
    const { uid, propagation = 'Background', dryRun, signal } = options;
    const path = `${await this.objectPath(reference, signal)}${dryRun ? '?dryRun=All' : ''}`;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: propagation };
    try {
      const answer = await this.send({ method: 'DELETE', path, body, signal }, 'delete', reference);
      // A Status object: it is gone. The object itself: finalizers or a grace period hold it.
      return { gone: (answer.body as { kind?: string }).kind === 'Status' };
    } catch (error) {
      if (await this.isGone(error, reference, signal)) return { gone: true };
      throw error;
    }
  }

  async create(object: KubernetesObject, options: CreateOptions = {}): Promise<KubernetesObject> {
    const { signal, fieldManager = tracking.fieldManager } = options;
    const path = `${await this.collectionPath(referenceIn(object), signal)}?fieldManager=${fieldManager}`;
    const { body } = await this.send({ method: 'POST', path, body: object, signal }, 'create', referenceOf(object));
    return body as KubernetesObject;
  }

  /** A dry-run create is judged to its end before the server looks whether the name is taken. */
  async rehearseCreate(object: KubernetesObject, { signal }: RequestOptions = {}): Promise<void> {
    const query = `fieldManager=${tracking.fieldManager}&fieldValidation=Strict&dryRun=All`;
    const path = `${await this.collectionPath(referenceIn(object), signal)}?${query}`;
    try {
      await this.send({ method: 'POST', path, body: object, signal }, 'create', referenceOf(object));
    } catch (error) {
      if (!hasCode(error, 'PlanOutdated') || !/already exists/.test((error as Error).message)) throw error;
    }
  }

  async patch(
    reference: ObjectReference,
    operations: readonly object[],
    { signal }: RequestOptions = {},
  ): Promise<KubernetesObject> {
    const path = `${await this.objectPath(reference, signal)}?fieldManager=${tracking.fieldManager}`;
    const contentType = 'application/json-patch+json';
    const request = { method: 'PATCH', path, contentType, body: operations, signal } as const;
    return (await this.send(request, 'patch', reference)).body as KubernetesObject;
  }

  async mergePatch(reference: ObjectReference, change: MergePatch): Promise<KubernetesObject> {
    const { patch, uid, resourceVersion, subresource, dryRun, signal } = change;
    const query = `fieldManager=${tracking.actionManager}&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
    const folder = subresource === undefined ? '' : `/${subresource}`;
    const path = `${await this.objectPath(reference, signal)}${folder}?${query}`;
    const contentType = 'application/merge-patch+json';
    const metadata = { ...(patch['metadata'] as object | undefined), uid, resourceVersion };
    const request = { method: 'PATCH', path, contentType, body: { ...patch, metadata }, signal } as const;
    return (await this.send(request, 'patch', reference)).body as KubernetesObject;
  }

  async replace(object: KubernetesObject, { signal, dryRun }: ReplaceOptions = {}): Promise<KubernetesObject> {
    const query = `fieldManager=${tracking.fieldManager}&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
    const path = `${await this.objectPath(referenceOf(object), signal)}?${query}`;
    const { body } = await this.send({ method: 'PUT', path, body: object, signal }, 'replace', referenceOf(object));
    return body as KubernetesObject;
  }

  async *watch(selection: Selection, { resourceVersion, signal }: WatchOptions): AsyncIterable<WatchEvent> {
    const query = new URLSearchParams({
      watch: 'true',
      resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(watchSeconds),
      ...labels(selection),
    });
    const path = `${await this.collectionPath(selection, signal)}?${query}`;
    const attempt = this.attempt('watch', selection);
    const stream = await this.transport.stream({ method: 'GET', path, signal }, attempt);
    yield* watchEvents(stream, attempt, signal);
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private async send(request: HttpRequest, verb: string, subject: Subject): Promise<HttpAnswer> {
    try {
      return await this.transport.send(request, this.attempt(verb, subject));
    } catch (error) {
      if (hasCode(error, 'UnknownKind')) this.discovery.invalidate(); // it was there before: its definition was deleted
      throw error;
    }
  }

  private attempt(verb: string, subject?: Subject): Attempt {
    return { verb, cluster: this.name, ...(subject === undefined ? {} : { subject }) };
  }

  private async objectPath(reference: ObjectReference, signal?: AbortSignal): Promise<string> {
    return `${await this.collectionPath(reference, signal)}/${encodeURIComponent(reference.name)}`;
  }

  private async collectionPath(subject: Subject, signal?: AbortSignal): Promise<string> {
    const { apiVersion, kind, namespace } = subject;
    const resource = await this.discovery.find(apiVersion, kind, signal);
    if (resource === undefined) throw unknownKind(subject, this.name);
    const folder =
      namespace === undefined || !resource.namespaced ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    return `${apiRoot(apiVersion)}${folder}/${resource.plural}`;
  }

  /** After a failed delete: a 404 that names the object means that it is gone; a 409, that another one has its name. */
  private async isGone(error: unknown, reference: ObjectReference, signal?: AbortSignal): Promise<boolean> {
    if (!hasCode(error, 'PlanOutdated')) return false;
    return (await this.get(reference, signal === undefined ? {} : { signal })) === undefined;
  }
}

function labels({ labelSelector }: Selection): Record<string, string> {
  return labelSelector === undefined ? {} : { labelSelector };
}

/** Items of a list come without apiVersion and kind. */
function typed(item: KubernetesObject, { apiVersion, kind }: Selection): KubernetesObject {
  item.apiVersion = apiVersion;
  item.kind = kind;
  return item;
}

function referenceIn({ apiVersion, kind, metadata: { namespace } }: KubernetesObject): Subject {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }) };
}

function withPreconditions(object: KubernetesObject, { uid, resourceVersion }: ApplyOptions): KubernetesObject {
  if (uid === undefined && resourceVersion === undefined) return object;
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  return { ...object, metadata: { ...object.metadata, ...preconditions } };
}
