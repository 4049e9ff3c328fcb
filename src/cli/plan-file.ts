/**
 * `run --plan FILE`: the plan that was reviewed, and whether what is about to run is what it was made of.
 */
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { sha256hex } from '../client/application-spec.js';
import { GitOpsError } from '../domain/errors.js';
import { scriptDigest, valuesDigest } from '../lua/plan/values-digest.js';
import type { PlanDocument } from '../lua/plan/document.js';
import { checkPlan } from '../schema/plan.js';
import type { ScriptInput } from '../workflows/messages.js';
import { readText } from './script-source.js';

/** @throws GitOpsError InvalidInput naming the field */
export function readPlan(file: string): PlanDocument {
  const checked = checkPlan(parsed(file));
  if ('plan' in checked) return checked.plan;
  const field = checked.path === '' ? '' : `: field '${checked.path}'`;
  throw new GitOpsError('InvalidInput', `${file} is not a plan${field}: ${checked.why}`, { hint: again });
}

const again = 'write one with: sloth-runner plan -f SCRIPT -o json > plan.json';

/** JSON is YAML. */
function parsed(file: string): unknown {
  const text = readText(resolve(file), 'plan');
  try {
    return parse(text);
  } catch (error) {
    throw new GitOpsError('InvalidInput', `${file} is not a plan: ${String((error as Error).message).split('\n')[0]}`, {
      hint: again,
    });
  }
}

/** @throws GitOpsError PlanMismatch when the script, its values or its parameters are others than the planned ones */
export function checkAgainstPlan(file: string, input: ScriptInput & { name: string }): void {
  const plan = readPlan(file);
  const sha256 = scriptDigest(input, sha256hex);
  const hint = 'look at what changed, then plan again: sloth-runner plan -f SCRIPT -o json';
  if (plan.script.sha256 !== sha256)
    throw new GitOpsError(
      'PlanMismatch',
      `${input.name} is not the script that was planned (${differ(plan.script.sha256, sha256)})`,
      { hint },
    );
  const digest = valuesDigest(input, sha256hex);
  if (plan.valuesDigest !== digest)
    throw new GitOpsError(
      'PlanMismatch',
      `the values or parameters are not those that were planned (${differ(plan.valuesDigest, digest)})`,
      { hint },
    );
}

function differ(planned: string, given: string): string {
  return `planned ${planned.slice(0, 12)}, given ${given.slice(0, 12)}`;
}
