/**
 * From what a person types to the id of an application. Names are hashed into ids, so no lookup is needed.
 */
import { applicationId } from '../domain/identity.js';
import { sha256hex } from './application-spec.js';

const idForm = /^workflow-\d{15}$/;

/** `workflow-<15 digits>` as it is; `project/name` and `name` (project `default`) through the identity hash. */
export function applicationIdOf(text: string): string {
  if (idForm.test(text)) return text;
  const slash = text.indexOf('/');
  const [project, name] = slash < 0 ? ['default', text] : [text.slice(0, slash), text.slice(slash + 1)];
  return applicationId({ project, name, repository: '', branch: '', path: '', cluster: '', namespace: '' }, sha256hex);
}
