/**
 * What an application refuses to be asked, before anything of it enters the history.
 */
import type { ApplicationSpec } from '../domain/application.js';
import { checkIdentity } from '../domain/identity-check.js';
import { chooseRollback } from '../domain/rollback-choice.js';
import { standsOn } from './application-state.js';
import type { ApplicationState, SyncRequest } from './messages.js';
import { phaseFailure } from './phase-failure.js';
import { failureOf } from './retry.js';

export interface Asked {
  readonly spec: ApplicationSpec;
  readonly state: ApplicationState;
  /** It is on its way out: nothing would come of a request. */
  readonly leaving: boolean;
}

/** @throws ApplicationDeleted, ApplicationSuspended */
export function mustBeActive(asked: Asked): void {
  mustStay(asked);
  const { spec, state } = asked;
  const { suspended } = state;
  if (suspended === undefined) return;
  const message = `${spec.name} is suspended by ${suspended.who}${suspended.why ? `: ${suspended.why}` : ''}`;
  throw phaseFailure('ApplicationSuspended', message, `sloth-runner app resume ${spec.name}`);
}

/** @throws ApplicationDeleted, and what `chooseRollback` throws */
export function mustHaveSet(asked: Asked, { target = { to: 'previous' } }: SyncRequest = {}): void {
  mustStay(asked);
  const { state } = asked;
  try {
    chooseRollback(target, state.healthySets, standsOn(state));
  } catch (error) {
    const { code, message, hint } = failureOf(error);
    throw phaseFailure(code, message, hint);
  }
}

/** @throws ApplicationDeleted, IdentityConflict */
export function mustBeSame(asked: Asked, declared: ApplicationSpec, adopt: boolean | undefined): void {
  mustStay(asked);
  const difference = adopt === true ? undefined : checkIdentity(asked.spec, declared);
  if (difference === undefined) return;
  const hint = 'choose another name, or say adopt = true to move this application';
  throw phaseFailure('IdentityConflict', difference, hint);
}

function mustStay({ spec, leaving }: Asked): void {
  if (!leaving) return;
  const message = `${spec.name} is being deleted`;
  throw phaseFailure('ApplicationDeleted', message, 'wait until it is gone, then declare it again');
}
