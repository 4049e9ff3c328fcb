/**
 * Ordering cases as data. An object is `Kind/name`, then `ns=`, `wave=`, `hook=`, `defines=` (a definition's kind).
 * Each case is tried with our annotations and with Argo CD's: the order must be the same.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referenceOf, type KubernetesObject } from '../../src/domain/object.js';
import { arrange, arrangeForDeletion, deletionMoments, syncMoments } from '../../src/domain/stages.js';

const groups: Record<string, string> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  ValidatingWebhookConfiguration: 'admissionregistration.k8s.io/v1',
  Widget: 'example.com/v1',
};

interface Dialect {
  readonly name: string;
  readonly prefix: string;
}
const dialects: readonly Dialect[] = [
  { name: 'our annotations', prefix: 'sloth-runner.dev/' },
  { name: "Argo CD's annotations", prefix: 'argocd.argoproj.io/' },
];

function parse(text: string, { prefix }: Dialect = dialects[0]!) {
  const [path = '', ...settings] = text.split(' ');
  const [kind = '', name = ''] = path.split('/');
  const said = Object.fromEntries(settings.map((s) => s.split('=') as [string, string]));
  const annotations: Record<string, string> = {};
  if (said['wave'] !== undefined) annotations[`${prefix}sync-wave`] = said['wave'];
  if (said['hook'] !== undefined) annotations[`${prefix}hook`] = said['hook'];
  if (said['helm'] !== undefined) annotations['helm.sh/hook'] = said['helm'];
  if (said['weight'] !== undefined) annotations['helm.sh/hook-weight'] = said['weight'];
  const object: KubernetesObject = {
    apiVersion: groups[kind] ?? 'v1',
    kind,
    metadata: { name, annotations, ...(said['ns'] === undefined ? {} : { namespace: said['ns'] }) },
    ...(said['defines'] === undefined
      ? {}
      : {
          spec: {
            group: 'example.com',
            scope: 'Namespaced',
            names: { kind: said['defines'] },
            versions: [{ name: 'v1' }],
          },
        }),
  };
  return { object, reference: referenceOf(object) };
}

/** Stages as text: `PreSync 0: Job/a, Job/b`. */
function stages(placed: ReturnType<typeof arrange>): string[] {
  const lines: string[] = [];
  for (const { wave, phase, syncWave, reference } of placed) {
    const line = lines[wave] ?? `${phase} ${syncWave}:`;
    lines[wave] = `${line}${line.endsWith(':') ? ' ' : ', '}${reference.kind}/${reference.name}`;
  }
  return lines;
}

const cases: [title: string, objects: string[], expected: string[]][] = [
  ['one object', ['ConfigMap/a'], ['Sync 0: ConfigMap/a']],
  ['no objects', [], []],
  [
    'kinds within a wave',
    ['Deployment/a', 'Service/a', 'ConfigMap/a', 'ServiceAccount/a'],
    ['Sync 0: ServiceAccount/a, ConfigMap/a, Service/a, Deployment/a'],
  ],
  ['names within a kind', ['ConfigMap/b', 'ConfigMap/a'], ['Sync 0: ConfigMap/a, ConfigMap/b']],
  [
    'waves in order',
    ['ConfigMap/c wave=2', 'ConfigMap/a wave=0', 'ConfigMap/b wave=1'],
    ['Sync 0: ConfigMap/a', 'Sync 1: ConfigMap/b', 'Sync 2: ConfigMap/c'],
  ],
  ['negative waves first', ['ConfigMap/a', 'ConfigMap/b wave=-1'], ['Sync -1: ConfigMap/b', 'Sync 0: ConfigMap/a']],
  [
    'waves count as numbers, not as text',
    ['ConfigMap/a wave=10', 'ConfigMap/b wave=9'],
    ['Sync 9: ConfigMap/b', 'Sync 10: ConfigMap/a'],
  ],
  ['a wave beats the kind', ['Deployment/a wave=-1', 'ConfigMap/a'], ['Sync -1: Deployment/a', 'Sync 0: ConfigMap/a']],
  ['a wave with a plus sign', ['ConfigMap/a wave=+1', 'ConfigMap/b'], ['Sync 0: ConfigMap/b', 'Sync 1: ConfigMap/a']],
  [
    'a wave that is no number is 0',
    ['ConfigMap/a wave=first', 'ConfigMap/b wave=1'],
    ['Sync 0: ConfigMap/a', 'Sync 1: ConfigMap/b'],
  ],
  ['a wave with a fraction is 0', ['ConfigMap/a wave=1.5', 'ConfigMap/b'], ['Sync 0: ConfigMap/a, ConfigMap/b']],
  [
    'hooks before and after',
    ['Job/after hook=PostSync', 'Deployment/a', 'Job/before hook=PreSync'],
    ['PreSync 0: Job/before', 'Sync 0: Deployment/a', 'PostSync 0: Job/after'],
  ],
  [
    'a phase beats the wave',
    ['Job/before hook=PreSync wave=9', 'ConfigMap/a wave=-9', 'Job/after hook=PostSync wave=-20'],
    ['PreSync 9: Job/before', 'Sync -9: ConfigMap/a', 'PostSync -20: Job/after'],
  ],
  [
    'waves within a phase',
    ['Job/b hook=PreSync wave=2', 'Job/a hook=PreSync wave=1'],
    ['PreSync 1: Job/a', 'PreSync 2: Job/b'],
  ],
  [
    'Sync hooks stand among the objects',
    ['Job/a hook=Sync wave=1', 'Deployment/a', 'Deployment/b wave=1'],
    ['Sync 0: Deployment/a', 'Sync 1: Deployment/b, Job/a'],
  ],
  [
    'SyncFail hooks come last',
    ['Job/fail hook=SyncFail', 'Job/after hook=PostSync', 'ConfigMap/a'],
    ['Sync 0: ConfigMap/a', 'PostSync 0: Job/after', 'SyncFail 0: Job/fail'],
  ],
  [
    'a hook of two moments runs in both',
    ['Job/a hook=PreSync,PostSync', 'ConfigMap/a'],
    ['PreSync 0: Job/a', 'Sync 0: ConfigMap/a', 'PostSync 0: Job/a'],
  ],
  ['a moment named twice counts once', ['Job/a hook=PreSync,PreSync'], ['PreSync 0: Job/a']],
  ['Skip is never applied', ['Job/a hook=Skip', 'ConfigMap/a'], ['Sync 0: ConfigMap/a']],
  ['an unknown moment is never applied', ['Job/a hook=Someday', 'ConfigMap/a'], ['Sync 0: ConfigMap/a']],
  ['an unknown moment beside a known one', ['Job/a hook=Someday,PostSync'], ['PostSync 0: Job/a']],
  [
    'hooks of a deletion take no part in a sync',
    ['Job/a hook=PreDelete', 'Job/b hook=PostDelete', 'ConfigMap/a'],
    ['Sync 0: ConfigMap/a'],
  ],
  [
    'helm: pre and post',
    ['Job/a helm=pre-install,pre-upgrade', 'Job/b helm=post-install', 'ConfigMap/a'],
    ['PreSync 0: Job/a', 'Sync 0: ConfigMap/a', 'PostSync 0: Job/b'],
  ],
  [
    'helm: weights',
    ['Job/a helm=pre-install weight=5', 'Job/b helm=pre-install weight=-5'],
    ['PreSync -5: Job/b', 'PreSync 5: Job/a'],
  ],
  ['helm: tests are never applied', ['Pod/t helm=test', 'ConfigMap/a'], ['Sync 0: ConfigMap/a']],
  [
    'helm: hooks do not count once another dialect speaks',
    ['Job/a helm=pre-install hook=PostSync', 'ConfigMap/a'],
    ['Sync 0: ConfigMap/a', 'PostSync 0: Job/a'],
  ],
  [
    'helm: crd-install is no hook',
    ['CustomResourceDefinition/w defines=Widget helm=crd-install', 'Widget/a ns=n'],
    ['Sync 0: CustomResourceDefinition/w', 'Sync 0: Widget/a'],
  ],
  [
    'a Namespace before its content',
    ['ConfigMap/a ns=n', 'Namespace/n'],
    ['Sync 0: Namespace/n', 'Sync 0: ConfigMap/a'],
  ],
  [
    'a Namespace nobody lives in stays where it is',
    ['Namespace/n wave=3', 'ConfigMap/a ns=m'],
    ['Sync 0: ConfigMap/a', 'Sync 3: Namespace/n'],
  ],
  [
    'a Namespace of a later wave moves to its first content',
    ['Namespace/n wave=5', 'ConfigMap/a ns=n wave=1'],
    ['Sync 1: Namespace/n', 'Sync 1: ConfigMap/a'],
  ],
  [
    'a Namespace moves into PreSync for a hook',
    ['Namespace/n', 'Job/a ns=n hook=PreSync wave=-2'],
    ['PreSync -2: Namespace/n', 'PreSync -2: Job/a'],
  ],
  [
    'a Namespace of an earlier wave stays there',
    ['Namespace/n wave=-1', 'ConfigMap/a ns=n wave=1'],
    ['Sync -1: Namespace/n', 'Sync 1: ConfigMap/a'],
  ],
  [
    'a Namespace does not move for a hook after the sync',
    ['Namespace/n wave=1', 'Job/a ns=n hook=PostSync'],
    ['Sync 1: Namespace/n', 'PostSync 0: Job/a'],
  ],
  [
    'a definition before its objects',
    ['Widget/a ns=n', 'CustomResourceDefinition/w defines=Widget'],
    ['Sync 0: CustomResourceDefinition/w', 'Sync 0: Widget/a'],
  ],
  [
    'a definition of a later wave moves to its first object',
    ['CustomResourceDefinition/w defines=Widget wave=7', 'Widget/a wave=2', 'Widget/b wave=1'],
    ['Sync 1: CustomResourceDefinition/w', 'Sync 1: Widget/b', 'Sync 2: Widget/a'],
  ],
  [
    'a definition moves into PreSync for a hook of its kind',
    ['CustomResourceDefinition/w defines=Widget', 'Widget/a hook=PreSync'],
    ['PreSync 0: CustomResourceDefinition/w', 'PreSync 0: Widget/a'],
  ],
  [
    'definitions before Namespaces',
    ['Namespace/n', 'CustomResourceDefinition/w defines=Widget', 'Widget/a ns=n'],
    ['Sync 0: CustomResourceDefinition/w, Namespace/n', 'Sync 0: Widget/a'],
  ],
  [
    'a kind nobody knows comes after the known ones',
    ['Widget/a', 'Ingress/a', 'ConfigMap/a'],
    ['Sync 0: ConfigMap/a, Ingress/a, Widget/a'],
  ],
  [
    'webhooks last, they can block what follows',
    ['ValidatingWebhookConfiguration/a', 'Widget/a', 'Deployment/a'],
    ['Sync 0: Deployment/a, Widget/a, ValidatingWebhookConfiguration/a'],
  ],
  [
    'a whole application',
    [
      'Job/migrate hook=PreSync',
      'StatefulSet/db wave=-1',
      'Deployment/api',
      'Service/api',
      'Ingress/api wave=1',
      'Job/smoke hook=PostSync',
      'Job/alarm hook=SyncFail',
    ],
    [
      'PreSync 0: Job/migrate',
      'Sync -1: StatefulSet/db',
      'Sync 0: Service/api, Deployment/api',
      'Sync 1: Ingress/api',
      'PostSync 0: Job/smoke',
      'SyncFail 0: Job/alarm',
    ],
  ],
];

describe.each(dialects)('what is written together, and in which order, with $name', (dialect) => {
  it.each(cases)('%s', (_title, objects, expected) =>
    expect(stages(arrange(objects.map((o) => parse(o, dialect))))).toEqual(expected),
  );
});

describe('hooks of a deletion', () => {
  it('are those of PreDelete and PostDelete, and nothing else is arranged', () =>
    expect(
      stages(
        arrange(
          ['Job/a hook=PreDelete', 'Job/b hook=PostDelete wave=1', 'Job/c hook=PreSync', 'ConfigMap/a'].map((o) =>
            parse(o),
          ),
          deletionMoments,
        ),
      ),
    ).toEqual(['PreDelete 0: Job/a', 'PostDelete 1: Job/b']));
});

describe('what is deleted goes from the last stage to the first', () => {
  it.each<[string, string[], string[]]>([
    ['waves', ['ConfigMap/a', 'ConfigMap/b wave=1'], ['Sync 0: ConfigMap/a', 'Sync 1: ConfigMap/b']],
    [
      'a Namespace after its content, whatever its wave',
      ['Namespace/n wave=5', 'ConfigMap/a ns=n'],
      ['Sync 0: Namespace/n', 'Sync 0: ConfigMap/a'],
    ],
    [
      'hooks like any other object',
      ['Job/a hook=PreSync wave=1', 'ConfigMap/a'],
      ['Sync 0: ConfigMap/a', 'Sync 1: Job/a'],
    ],
  ])('%s', (_title, objects, expected) =>
    expect(stages(arrangeForDeletion(objects.map((o) => parse(o))))).toEqual(expected),
  );
});

describe('whatever the set', () => {
  const object = fc
    .record({
      kind: fc.constantFrom('Namespace/n', 'ConfigMap/a', 'Deployment/b', 'Widget/w', 'Job/j'),
      ns: fc.constantFrom('', ' ns=n', ' ns=m'),
      wave: fc.integer({ min: -2, max: 2 }),
      hook: fc.constantFrom('', ' hook=PreSync', ' hook=Sync', ' hook=PostSync', ' hook=PreSync,SyncFail'),
    })
    .map(({ kind, ns, wave, hook }) => parse(`${kind}${kind.startsWith('Namespace') ? '' : ns} wave=${wave}${hook}`));
  const set = fc.uniqueArray(object, {
    selector: (o) => `${o.object.kind}/${o.object.metadata.namespace}`,
    maxLength: 10,
  });

  it('stages are numbered without gaps, and every object that has a moment is in one', () =>
    fc.assert(
      fc.property(set, (objects) => {
        const placed = arrange(objects);
        expect([...new Set(placed.map((p) => p.wave))]).toEqual(
          [...new Set(placed.map((p) => p.wave))].map((_, i) => i),
        );
        expect(placed.every((p) => syncMoments.includes(p.phase))).toBe(true);
      }),
    ));

  it('a Namespace that is no hook comes before everything in it', () =>
    fc.assert(
      fc.property(set, (objects) => {
        const placed = arrange(objects);
        const namespace = placed.find((p) => p.reference.kind === 'Namespace' && p.hook === undefined);
        if (namespace === undefined) return;
        for (const inside of placed.filter((p) => p.reference.namespace === 'n'))
          expect(namespace.wave).toBeLessThan(inside.wave);
      }),
    ));
});
