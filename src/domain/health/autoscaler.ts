/**
 * The HorizontalPodAutoscaler: a metric that cannot be read is a failure, being able to scale is health. The rule is that of
 * Argo CD (resource_customizations/autoscaling): kstatus has none.
 */
import type { KubernetesObject } from '../object.js';
import { conditionsOf, explain, isTrue, type Condition } from './conditions.js';
import { degraded, healthy, progressing, type HealthRule } from './status.js';

/** Reasons of a condition that a person has to do something about. */
const failures: Readonly<Record<string, ReadonlySet<string>>> = {
  AbleToScale: new Set(['FailedGetScale', 'FailedUpdateScale']),
  ScalingActive: new Set([
    'FailedGetResourceMetric',
    'FailedGetContainerResourceMetric',
    'FailedGetObjectMetric',
    'FailedGetPodsMetric',
    'FailedGetExternalMetric',
    'FailedComputeMetricsReplicas',
    'InvalidSelector',
  ]),
};

const good: ReadonlySet<string> = new Set(['AbleToScale', 'ScalingLimited']);

export const autoscalerHealth: HealthRule = (object) => {
  const conditions = autoscalerConditions(object);
  const failed = conditions.find(({ type, reason }) => failures[type]?.has(reason ?? ''));
  if (failed !== undefined) return degraded(explain(failed));
  const able = conditions.find((c) => good.has(c.type) && isTrue(c));
  return able === undefined ? progressing('waiting for the autoscaler') : healthy(able.message ?? '');
};

/** Version 1 has no room for conditions but an annotation. */
function autoscalerConditions(object: KubernetesObject): readonly Condition[] {
  const text = object.metadata.annotations?.['autoscaling.alpha.kubernetes.io/conditions'];
  const listed = conditionsOf(object);
  if (listed.length > 0 || text === undefined) return listed;
  const noted: unknown = JSON.parse(text);
  return Array.isArray(noted) ? (noted as Condition[]) : [];
}
