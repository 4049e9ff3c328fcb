/**
 * Work that ends.
 */
import { conditionOf, explain, isTrue } from './conditions.js';
import { brokenPod, controlledBy } from './pods.js';
import { degraded, healthy, progressing, suspended, type HealthRule } from './status.js';

/** A running Job is not done: Flux and we wait for it, where kstatus is content with its start. */
export const jobHealth: HealthRule = (object, { pods }) => {
  const [failed, complete] = ['Failed', 'Complete'].map((type) => conditionOf(object, type));
  const { suspend } = (object['spec'] ?? {}) as { suspend?: boolean };
  if (isTrue(failed)) return degraded(explain(failed));
  if (isTrue(complete)) return healthy('completed');
  if (suspend) return suspended('the job is suspended');
  const broken = brokenPod(controlledBy(object, pods));
  return broken === undefined ? progressing('running') : degraded(broken);
};

export const cronJobHealth: HealthRule = (object) => {
  const { suspend } = (object['spec'] ?? {}) as { suspend?: boolean };
  return suspend ? suspended('the schedule is suspended') : healthy();
};
