/**
 * The sources of an application on their way from clone to render: the first one, and those of `repos`.
 */
import { repositoriesOf, type ApplicationSpec, type FurtherSource } from '../domain/application.js';
import { targetOf } from '../domain/target.js';
import type { ClonedSource, CloneInput, CloneResult, DiffInput, RenderInput, RenderResult } from '../domain/sync.js';
import type { SourceRevision } from '../domain/sync-record.js';
import type { Activities } from '../activities/index.js';
import { briefStep, readingStep } from './steps.js';

/** A clone of the first source, and what became of the others. */
export interface Cloned extends CloneResult {
  readonly further?: readonly ClonedSource[];
}

export function cloneInput(
  { source, render }: FurtherSource,
  { revision, follows }: Pick<CloneInput, 'revision' | 'follows'> = {},
): CloneInput {
  return {
    source,
    ...(follows === undefined ? {} : { follows }),
    ...(revision === undefined ? {} : { revision }),
    ...(render === undefined ? {} : { render }),
  };
}

export function clonedSource({ source, render }: FurtherSource, result: CloneResult): ClonedSource {
  const { revision, archive, folders, renderer } = result;
  return {
    source,
    revision,
    archive,
    ...(folders === undefined ? {} : { folders }),
    ...(render === undefined ? {} : { render }),
    ...(renderer === undefined ? {} : { renderer }),
  };
}

export function renderInput(spec: ApplicationSpec, { revision, archive, folders, further }: Cloned): RenderInput {
  const { source, createNamespace, render, environment, policies } = spec;
  return {
    target: targetOf(spec),
    source,
    revision,
    archive,
    createNamespace,
    ...(folders === undefined ? {} : { folders }),
    ...(render === undefined ? {} : { render }),
    ...(environment === undefined ? {} : { environment }),
    ...(further === undefined ? {} : { further }),
    ...(policies === undefined ? {} : { policies }),
  };
}

/** What policies and the project are asked with. */
export function askedWith(
  spec: ApplicationSpec,
  { policies }: Pick<RenderResult, 'policies'>,
): Pick<DiffInput, 'repositories' | 'policies'> {
  return { repositories: repositoriesOf(spec), ...(policies === undefined ? {} : { policies }) };
}

export function ownWindows({ environment, syncWindows }: ApplicationSpec): Pick<DiffInput, 'windows'> {
  if (environment === undefined && syncWindows === undefined) return {};
  const place = environment === undefined ? {} : { environment };
  return { windows: { ...place, ...(syncWindows === undefined ? {} : { own: syncWindows }) } };
}

/** Programs are not run inside a workflow task: they may take seconds, and would be run twice. */
export function renderStep<T>(
  summary: string,
  { renderer, further = [] }: Cloned,
  run: (activities: Activities) => Promise<T>,
): Promise<T> {
  const programs = [renderer, ...further.map((source) => source.renderer)].some((name) => name !== undefined);
  return programs ? readingStep(summary, run) : briefStep(summary, run);
}

export function revisionsOf({ further = [] }: Cloned): readonly SourceRevision[] {
  return further.map(({ source, revision }) => ({ repository: source.url, path: source.path, revision }));
}
