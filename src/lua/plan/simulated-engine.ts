/**
 * The engine as a plan sees it: applications that are declared, synced and rolled back in memory, so that each answer
 * fits the calls before it (`active` before the first sync, `synced` after it). One per recorded run.
 */
import type { Data } from '../host.js';
import type { DeclaredApplication, EngineFacts, KnownRepository, Table } from './engine-facts.js';

export interface SimulatedSync {
  readonly id: string;
  readonly status: 'succeeded' | 'failed' | 'rolled_back';
  readonly revision: string;
  readonly why: string;
  /** RFC 3339 UTC */
  readonly at: string;
  readonly applied: number;
}

export interface SimulatedApplication {
  readonly id: string;
  readonly declared: DeclaredApplication;
  readonly syncs: SimulatedSync[];
  autoSync: boolean;
  suspended: boolean;
  /** Something was done to it that the real engine has not seen. */
  touched: boolean;
}

export class SimulatedEngine {
  readonly applications = new Map<string, SimulatedApplication>();
  private readonly repositories = new Map<string, KnownRepository>();
  private readonly deleted = new Set<string>();

  /** @param now ms since epoch */
  constructor(
    readonly facts: EngineFacts,
    readonly now: () => number,
  ) {}

  register(config: Table): string {
    const repository = this.facts.register(config);
    this.repositories.set(repository.id, repository);
    return repository.id;
  }

  /** Declaring twice names the same application and keeps its history. */
  declare(config: Table): DeclaredApplication {
    const declared = this.facts.declare(config, (id) => this.repositories.get(id));
    const before = this.applications.get(declared.id);
    this.add(declared, before?.syncs ?? [], before?.touched ?? false);
    return declared;
  }

  /** One that the script did not declare is assumed to exist, synced and healthy. */
  find(text: string): SimulatedApplication {
    const id = this.facts.idOf(text);
    if (this.deleted.has(id)) throw unknownApplication(text);
    return this.applications.get(id) ?? this.existing(id, text);
  }

  isDeclared(text: string): boolean {
    return this.applications.has(this.facts.idOf(text));
  }

  isTouched(text: string): boolean {
    const id = this.facts.idOf(text);
    return this.deleted.has(id) || this.applications.get(id)?.touched === true;
  }

  sync(app: SimulatedApplication, status: SimulatedSync['status'], why: string, revision = app.declared.branch): void {
    app.touched = true;
    const applied = status === 'succeeded' && !isSynced(app) ? 1 : 0;
    const hash = /^[0-9a-f]{40}$/.test(revision)
      ? revision
      : this.facts.sha256(`${app.declared.url} ${revision}`).slice(0, 40);
    app.syncs.push({ id: `sync-${app.syncs.length + 1}`, status, revision: hash, why, at: this.time(), applied });
  }

  delete(app: SimulatedApplication): void {
    this.applications.delete(app.id);
    this.deleted.add(app.id);
  }

  time(): string {
    return new Date(this.now()).toISOString();
  }

  private existing(id: string, name: string): SimulatedApplication {
    const url = 'https://example.invalid/assumed';
    const flags = { autoSync: false, diffPreview: false, rollbackOnFailure: false };
    const place = { repositoryId: `repo-${'0'.repeat(15)}`, url, branch: 'main' };
    const app = this.add({ id, certain: false, name, ...place, ...flags }, [], false);
    this.sync(app, 'succeeded', 'manual');
    app.touched = false;
    return app;
  }

  private add(declared: DeclaredApplication, syncs: SimulatedSync[], touched: boolean): SimulatedApplication {
    const { id, autoSync } = declared;
    const app = { id, declared, syncs, autoSync, suspended: false, touched };
    this.applications.set(id, app);
    this.deleted.delete(id);
    return app;
  }
}

/** Whether there is nothing left to apply. */
export function isSynced({ syncs }: SimulatedApplication): boolean {
  return syncs.some((sync) => sync.status === 'succeeded');
}

export interface AssumedFailure {
  readonly code: string;
  readonly message: string;
}

export function unknownApplication(name: string): AssumedFailure {
  return { code: 'UnknownApplication', message: `unknown GitOps workflow '${name}'` };
}

export function textOf(value: Data | undefined): string {
  return typeof value === 'string' ? value : '';
}
