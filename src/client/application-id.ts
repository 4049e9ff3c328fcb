/**
 * From what a person types to the id of an application. Names are hashed into ids, so no lookup is needed.
 */
import { idOfName } from '../domain/identity.js';
import { sha256hex } from './application-spec.js';

/** `workflow-<15 digits>` as it is; `project/name` and `name` (project `default`) through the identity hash. */
export function applicationIdOf(text: string): string {
  return idOfName(text, 'default', sha256hex);
}
