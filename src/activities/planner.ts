/**
 * Makes the plan: dry-runs a whole set against the cluster and finds what is left over from earlier ones.
 *
 * Nothing is written. All objects are tried, and all that the server refuses are reported in one error.
 */
import type { Cluster } from '../adapters/cluster/cluster.js';
import type { ConflictResolution } from '../domain/application.js';
import type { Findings, FoundChange } from '../domain/diff/report.js';
import { definedKind, isDefinition } from '../domain/definitions.js';
import { GitOpsError } from '../domain/errors.js';
import { GeneratedHooks } from '../domain/generated-hooks.js';
import { inventoryNamespace, type Inventory } from '../domain/inventory.js';
import {
  describeReference,
  groupOf,
  keyOf,
  tracking,
  type KubernetesObject,
  type ObjectReference,
} from '../domain/object.js';
import { optionsOf, type HookMoment } from '../domain/object-options.js';
import { isDefining, type Placed } from '../domain/order.js';
import type { Plan, PlannedObject } from '../domain/plan.js';
import type { RenderedSet } from '../domain/rendered-set.js';
import { resourceFilter } from '../domain/resource-selection.js';
import { arrangeForDeletion, deletionMoments, type Stageable, type Staged } from '../domain/stages.js';
import type { Target } from '../domain/target.js';
import { bounded } from './bounded.js';
import { decide, deferred, identityOf, type Decided, type DryRunContext } from './dry-run.js';
import { planHook, type HookNaming } from './hook-plan.js';
import { InventoryStore, type StoredInventory } from './inventory-store.js';
import { keep, keptBecause, keptByFirstSync, propagationOf, type KeptLeftover } from './leftovers.js';
import { LiveObjects } from './live-objects.js';
import { allRefused, refusalConflict, type Refusal } from './refusals.js';
import { at, scopeSet, type ScopedObject, type ScopedSet } from './scoped-set.js';
import { TerminatingNamespaces } from './terminating-namespaces.js';

export interface PlanRequest {
  readonly target: Target;
  readonly set: RenderedSet;
  /** Delete what the inventory holds and the set does not. */
  readonly prune: boolean;
  /** What would be pruned is kept, with a note. */
  readonly firstSync?: boolean;
  readonly resources?: readonly string[];
  readonly resolution: ConflictResolution;
  /** Deleted when the set does not hold them, whatever `prune` says. */
  readonly leftovers?: readonly ObjectReference[];
  /** What people added with kubectl stays, and is no difference: only what the set itself says counts. */
  readonly leavesAdded?: boolean;
  /** A set whose PreDelete and PostDelete hooks run. */
  readonly deletionHooks?: RenderedSet;
  /** What a hook without a name of its own is named after. */
  readonly naming?: HookNaming;
  /** Objects the server refuses become conflicts of the findings instead of an error. */
  readonly reportRefused?: boolean;
}

export interface Planned {
  readonly plan: Plan;
  readonly findings: Findings;
}

/** @throws GitOpsError for the objects the server refuses, or when it cannot be reached */
export function makePlan(cluster: Cluster, request: PlanRequest, signal: AbortSignal): Promise<Planned> {
  return new Planner(cluster, request, signal).plan();
}

/** A name with a typing error must not look like a sync in which nothing had to be done. */
function refuseNothing(resources: readonly string[] | undefined, found: number): void {
  if (resources === undefined || found > 0) return;
  throw new GitOpsError('InvalidInput', `no object of the set is ${resources.join(' or ')}`, {
    hint: 'write group:kind:name, such as apps:Deployment:web, or :Service:web for the core group',
  });
}

class Planner {
  private readonly picked: (reference: ObjectReference) => boolean;

  constructor(
    private readonly cluster: Cluster,
    private readonly request: PlanRequest,
    private readonly signal: AbortSignal,
  ) {
    this.picked = resourceFilter(request.resources);
  }

  async plan(): Promise<Planned> {
    const { target, set, resources, deletionHooks = [] } = this.request;
    const { objects, failures } = await this.scope(set);
    const around = await this.scope(deletionHooks, deletionMoments);
    const chosen = objects.filter((o) => this.isChosen(o, resources !== undefined));
    const stored = await this.findInventory(objects);
    const generated = new GeneratedHooks(objects);
    const candidates = this.candidates(objects, stored.inventory).filter((c) => generated.runOf(c) === undefined);
    const earlierRuns = this.earlierRuns(generated, stored.inventory);
    refuseNothing(this.request.resources, chosen.length + candidates.length);
    const references = [...chosen.map((o) => o.reference), ...candidates, ...earlierRuns];
    const live = await LiveObjects.prepare(this.cluster, references, this.signal);
    const { decided, refusals } = await this.decideAll([...chosen, ...around.objects], live, failures);
    const { deletions, forget, notes } = await this.planDeletions(candidates, live, this.request.firstSync);
    const runs = await this.planDeletions(earlierRuns, live);
    return {
      plan: {
        version: 1,
        app: target.app,
        inventoryNamespace: stored.namespace,
        inventory: stored.object,
        removesApplication: set.length === 0,
        objects: [...decided, ...deletions, ...runs.deletions].map((d) => d.planned),
        forget: [...forget, ...runs.forget],
      },
      findings: findings([...decided, ...deletions], refusals, notes, objects.length),
    };
  }

  private scope(set: RenderedSet, moments?: readonly HookMoment[]): Promise<ScopedSet> {
    return scopeSet(this.cluster, set, this.request.target.destination, this.signal, this.syncOptions, moments);
  }

  /** Hooks belong to syncs of the whole set. */
  private isChosen({ object, reference, hook }: ScopedObject, selected: boolean): boolean {
    return this.picked(reference) && !(selected && hook) && !optionsOf(object, this.syncOptions).ignored;
  }

  /** Looked for where it would be put now, and then where it may have been put before the set changed. */
  private findInventory(objects: readonly ScopedObject[]): Promise<StoredInventory> {
    const { app, destination } = this.request.target;
    const expected = inventoryNamespace(
      destination.namespace,
      objects.map((o) => o.reference),
    );
    const elsewhere = [destination.namespace, tracking.systemNamespace].filter((n) => n !== undefined);
    return new InventoryStore(this.cluster, app, this.signal).find([expected, ...elsewhere]);
  }

  private candidates(objects: readonly ScopedObject[], inventory: Inventory): readonly ObjectReference[] {
    const { prune, leftovers = [] } = this.request;
    const kept = new Set(objects.map((o) => keyOf(o.reference)));
    const wanted = new Map(leftovers.map((reference) => [keyOf(reference), reference]));
    if (prune) for (const [key, reference] of inventory.objects) wanted.set(key, reference);
    return [...wanted]
      .filter(([key, reference]) => !kept.has(key) && this.picked(reference))
      .map(([, reference]) => reference);
  }

  /** Of hooks that the sync names: those that make room for this run of theirs. They are no change of the set. */
  private earlierRuns(generated: GeneratedHooks, inventory: Inventory): readonly ObjectReference[] {
    const { naming, resources } = this.request;
    if (naming === undefined || resources !== undefined) return [];
    return [...inventory.objects.values()].filter((reference) => {
      const run = generated.runOf(reference);
      return run !== undefined && run.makesRoom && run.sync < naming.sync;
    });
  }

  /** Namespaces and definitions first: what they bring cannot be dry-run before it exists. */
  private async decideAll(
    objects: readonly ScopedObject[],
    live: LiveObjects,
    failures: readonly Refusal[],
  ): Promise<{ decided: Decided[]; refusals: readonly Refusal[] }> {
    const context = this.contextOf(live);
    const refused = [...failures];
    const tryOne = (object: ScopedObject, waits = false): Promise<Decided | undefined> =>
      this.tryOne(object, context, refused, waits);
    const [defining, others] = [objects.filter(isDefiningObject), objects.filter((o) => !isDefiningObject(o))];
    const first = await bounded(defining, tryOne);
    const waits = waitsFor(first.filter((d) => d !== undefined));
    const rest = await bounded(others, async (o) =>
      waits(o) && o.hook === undefined ? deferred(o) : tryOne(o, waits(o)),
    );
    if (refused.length > 0 && !this.request.reportRefused) {
      const errors = refused.map((refusal) => refusal.error);
      throw allRefused(errors, objects.length + failures.length);
    }
    const decided = [...first, ...rest].filter((d) => d !== undefined);
    return { decided: decided.sort((a, b) => a.planned.wave - b.planned.wave), refusals: refused };
  }

  private contextOf(live: LiveObjects): DryRunContext {
    const { cluster, signal, syncOptions } = this;
    const { target, resolution, leavesAdded } = this.request;
    return {
      leavesAdded,
      cluster,
      live,
      namespaces: new TerminatingNamespaces(cluster, signal),
      app: target.app,
      resolution,
      ignoreDifferences: target.ignoreDifferences ?? [],
      syncOptions,
      strict: target.validationRequired === true,
      signal,
    };
  }

  private get syncOptions(): readonly string[] {
    return this.request.target.syncOptions ?? [];
  }

  private async tryOne(
    object: ScopedObject,
    context: DryRunContext,
    refused: Refusal[],
    waits: boolean,
  ): Promise<Decided | undefined> {
    try {
      if (object.hook !== undefined)
        return await planHook({ ...object, hook: object.hook }, this.request, context, waits);
      return await decide(object, context);
    } catch (thrown) {
      const { reference } = object;
      const error = await context.namespaces.explain(thrown, reference.namespace);
      if (!(error instanceof GitOpsError) || error.retryable) throw error;
      if (isSkipped(error, object, context)) return deferred(object);
      refused.push({ error: withSource(error, object), reference, object: object.object });
      return undefined;
    }
  }

  private async planDeletions(
    candidates: readonly ObjectReference[],
    live: LiveObjects,
    firstSync = false,
  ): Promise<Deletions> {
    const found = await bounded(candidates, async (reference) =>
      this.judgeLeftover(reference, await this.findLeftover(reference, live), firstSync),
    );
    const deletions = arrangeForDeletion(found.flatMap((f) => f.deletion ?? []))
      .map((one) => deletion(one, this.syncOptions))
      .reverse();
    return { deletions, forget: found.flatMap((f) => f.forget ?? []), notes: found.flatMap((f) => f.note ?? []) };
  }

  /** A kind the cluster no longer knows has no objects left either. */
  private async findLeftover(reference: ObjectReference, live: LiveObjects): ReturnType<LiveObjects['find']> {
    const { apiVersion, kind } = reference;
    const known = await this.cluster.resource(apiVersion, kind, { signal: this.signal });
    return known && live.find(reference);
  }

  private judgeLeftover(
    reference: ObjectReference,
    live: Awaited<ReturnType<LiveObjects['find']>>,
    firstSync: boolean,
  ): Leftover {
    if (live === undefined) return { forget: reference };
    const name = describeReference(reference);
    if (live.metadata.annotations?.[tracking.appAnnotation] !== this.request.target.app) {
      return {
        forget: reference,
        note: `${name} is no longer in the set but belongs to somebody else now, so it stays`,
      };
    }
    const deletion = this.request.set.length === 0;
    const kept = keptBecause(live, this.syncOptions, deletion) ?? (firstSync ? keptByFirstSync : undefined);
    if (kept !== undefined) return keep(reference, kept, deletion);
    return { deletion: { reference, object: live } };
  }
}

/** Its kind is not there yet, and the object asks not to wait for a dry run of it. */
function isSkipped(error: GitOpsError, { object }: ScopedObject, { syncOptions }: DryRunContext): boolean {
  return error.code === 'UnknownKind' && optionsOf(object, syncOptions).dryRunSkippedWhenKindMissing;
}

interface Leftover extends Partial<KeptLeftover> {
  readonly deletion?: { readonly reference: ObjectReference; readonly object: KubernetesObject };
}

interface Deletions {
  readonly deletions: readonly Decided[];
  readonly forget: readonly ObjectReference[];
  readonly notes: readonly string[];
}

function deletion(
  { reference, object, phase, wave, syncWave }: Staged & Stageable,
  syncOptions: readonly string[],
): Decided {
  const place = { reference, phase, wave, syncWave, live: identityOf(object) };
  const planned: PlannedObject = { ...place, action: 'delete', ...propagationOf(syncOptions) };
  return { planned, before: object, after: undefined };
}

function isDefiningObject({ reference, hook }: ScopedObject): boolean {
  return hook === undefined && isDefining(reference);
}

/** Whether an object lies in a Namespace, or is of a kind, that this plan creates. */
function waitsFor(first: readonly Decided[]): (object: Pick<Placed, 'reference'>) => boolean {
  const created = first.filter((d) => d.planned.action === 'create').flatMap((d) => d.planned.desired ?? []);
  const namespaces = new Set(created.filter((o) => o.kind === 'Namespace').map((o) => o.metadata.name));
  const kinds = new Set(created.filter(isDefinition).map(definedKind));
  return ({ reference: { apiVersion, kind, namespace } }) =>
    namespaces.has(namespace ?? '') || kinds.has(`${groupOf(apiVersion)}/${kind}`);
}

function findings(
  decided: readonly Decided[],
  refusals: readonly Refusal[],
  notes: readonly string[],
  remaining: number,
): Findings {
  return {
    changes: decided.flatMap(changeOf),
    hooks: decided.flatMap(runOf),
    conflicts: [...decided.flatMap((d) => d.conflict ?? []), ...refusals.map(refusalConflict)],
    notes: [...decided.flatMap((d) => d.note ?? []), ...notes],
    remaining,
  };
}

function changeOf({ planned: { action, reference, recreate }, before, after }: Decided): FoundChange[] {
  return action === 'create' || action === 'update' || action === 'delete'
    ? [{ type: action, reference, before, after, ...(recreate ? { recreated: true } : {}) }]
    : [];
}

function runOf({ planned: { action, reference }, after }: Decided): FoundChange[] {
  return action === 'hook' ? [{ type: 'create', reference, before: undefined, after }] : [];
}

function withSource(error: GitOpsError, { source }: ScopedObject): GitOpsError {
  return new GitOpsError(
    error.code,
    `${error.message}${at(source)}`,
    error.hint === undefined ? {} : { hint: error.hint },
  );
}
