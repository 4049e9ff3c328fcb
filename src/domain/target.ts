/**
 * What the cluster-side steps must know of an application.
 */
import type { ApplicationSpec, ConflictResolution, Destination } from './application.js';
import type { IgnoreRule } from './diff/ignore-rules.js';

/** What the cluster-side steps must know of an application. */
export interface Target {
  readonly app: string;
  readonly appName: string;
  readonly destination: Destination;
  readonly conflictResolution: ConflictResolution;
  readonly ignoreDifferences?: readonly IgnoreRule[];
  readonly syncOptions?: readonly string[];
  /** An existing object that nobody owns is a conflict, not adopted. */
  readonly validationRequired?: true;
  /** Absent in the first histories: `default`. */
  readonly project?: string;
}

export function targetOf(spec: ApplicationSpec): Target {
  const { id, name, destination, conflictResolution, ignoreDifferences, syncOptions, validationRequired, project } =
    spec;
  return {
    app: id,
    appName: name,
    destination,
    conflictResolution,
    ...(ignoreDifferences === undefined ? {} : { ignoreDifferences }),
    ...(syncOptions === undefined ? {} : { syncOptions }),
    ...(validationRequired ? { validationRequired } : {}),
    project,
  };
}
