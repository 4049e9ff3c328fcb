import { describe, expect, it } from '@jest/globals';
import { hookVerdict } from '../../src/domain/hooks.js';
import { nothingRelated, suspended, type Verdict } from '../../src/domain/health/status.js';
import type { KubernetesObject } from '../../src/domain/object.js';

const live = (kind: string, more: object): KubernetesObject => ({
  apiVersion: kind === 'Pod' ? 'v1' : kind === 'Job' ? 'batch/v1' : 'argoproj.io/v1alpha1',
  kind,
  metadata: { name: 'hook' },
  ...more,
});
const condition = (type: string): object => ({ status: { conditions: [{ type, status: 'True' }] } });
const script = (): Verdict => ({ status: 'Degraded', message: 'says the script' });

describe('a hook is', () => {
  it.each<[string, Verdict['status'], KubernetesObject, ...(() => Verdict)[]]>([
    ['done when its Job is complete', 'Healthy', live('Job', condition('Complete'))],
    ['done when its Job is complete, whatever a script says', 'Healthy', live('Job', condition('Complete')), script],
    ['failed when its Job is', 'Degraded', live('Job', condition('Failed'))],
    ['not done while its Job is held back', 'Progressing', live('Job', { spec: { suspend: true } })],
    ['not done while its workflow waits for a person', 'Progressing', live('Workflow', {}), () => suspended('a gate')],
    ['judged by the script of its kind', 'Degraded', live('Workflow', {}), script],
    ['done when its Pod succeeded', 'Healthy', live('Pod', { status: { phase: 'Succeeded' } })],
  ])('%s', (_title, status, object, ...[custom]) =>
    expect(hookVerdict(object, nothingRelated, custom)).toMatchObject({ status }),
  );
});
