/**
 * One registration that a person asked for, as its own short workflow: a worker looks whether the repository answers,
 * with the credentials only workers can resolve.
 */
import type { RegisterInput } from '../activities/register-repository.js';
import { quickStep } from './steps.js';

/** @returns the id of the repository */
export function registerRepository(input: RegisterInput): Promise<string> {
  return quickStep('look whether the repository answers, and register it').registerRepository(input);
}
