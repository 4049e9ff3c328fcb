/**
 * Dependencies of applications seen from outside: no circle is declared, and nothing that others rely on goes first.
 */
import type { Client } from '@temporalio/client';
import type { ApplicationSpec } from '../domain/application.js';
import { cycleFrom, dependentsOf } from '../domain/dependency-order.js';
import { GitOpsError } from '../domain/errors.js';
import type { ApplicationMemo } from '../workflows/application-memo.js';
import { running } from './listing.js';

/** The declaration of an application; undefined when there is none. */
export type SpecOf = (app: string) => Promise<ApplicationSpec | undefined>;

/**
 * @returns names it depends on that are not declared
 * @throws InvalidConfig when its dependencies lead back to it
 */
export async function checkDependencies(spec: ApplicationSpec, specOf: SpecOf): Promise<readonly string[]> {
  const known = new Map([[spec.id, spec]]);
  const undeclared: string[] = [];
  for (const { dependsOn = [] } of known.values())
    for (const { app, name } of dependsOn) {
      const found = known.get(app) ?? (await specOf(app));
      if (found !== undefined) known.set(app, found);
      else if (spec.dependsOn?.some((one) => one.app === app)) undeclared.push(name);
    }
  const cycle = cycleFrom(spec.id, edgesOf([...known.values()]));
  if (cycle === undefined) return undeclared;
  const names = cycle.map((app) => known.get(app)?.name ?? app).join(' -> ');
  throw new GitOpsError('InvalidConfig', `depends_on goes in a circle: ${names}`, {
    hint: 'take one of these dependencies out',
  });
}

/** Applications that depend on this one, directly or not, in the order in which they can be deleted. */
export async function findDependents(temporal: Client, app: string, specOf: SpecOf): Promise<ApplicationSpec[]> {
  const listed = new Map<string, readonly string[]>();
  for await (const { memo } of temporal.workflow.list({ query: running('application') })) {
    const { id, dependsOn } = (memo ?? {}) as Partial<ApplicationMemo>;
    if (id !== undefined && dependsOn) listed.set(id, dependsOn);
  }
  // The list may be a second old: what has gone meanwhile, or been declared anew, is asked.
  const specs = await Promise.all(dependentsOf(app, Object.fromEntries(listed)).map(specOf));
  const there = specs.filter((spec) => spec !== undefined);
  const order = dependentsOf(app, edgesOf(there));
  return order.flatMap((id) => there.find((spec) => spec.id === id) ?? []);
}

function edgesOf(specs: readonly ApplicationSpec[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(specs.map(({ id, dependsOn = [] }) => [id, dependsOn.map(({ app }) => app)]));
}
