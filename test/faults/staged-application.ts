/**
 * An application of everything that stages are about: hooks, a definition with its objects, three waves, a kustomization
 * and a chart, with every object marked by one greeting so that each commit changes all of it.
 */
import { configMap } from '../support/manifests.js';

export type Dialect = 'sloth-runner.dev' | 'argocd.argoproj.io';

export interface StagedFiles {
  readonly dialect: Dialect;
  /** API group of its definition, unique in the cluster. */
  readonly group: string;
  readonly greeting: string;
}

/** Folders: `app` plain, `overlay` on `base` a kustomization, `chart` a chart. */
export function stagedFiles({ dialect, group, greeting }: StagedFiles): Record<string, string> {
  return {
    'app/migrate.yaml': job('migrate', `${dialect}/hook: PreSync`),
    'app/smoke.yaml': job('smoke', `${dialect}/hook: PostSync, ${dialect}/hook-delete-policy: HookSucceeded`),
    'app/definition.yaml': definition(group),
    'app/widget.yaml': `apiVersion: ${group}/v1\nkind: Widget\nmetadata: { name: w }\nspec: { greeting: "${greeting}" }\n`,
    'app/early.yaml': inWave(configMap('early', greeting), dialect, -1),
    'app/late.yaml': inWave(configMap('late', greeting), dialect, 2),
    'base/kustomization.yaml': 'resources: [built.yaml]\n',
    'base/built.yaml': configMap('built', greeting),
    'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: k-\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'chart/values.yaml': `greeting: "${greeting}"\n`,
    'chart/templates/facts.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: facts }\ndata: { greeting: {{ .Values.greeting | quote }} }\n',
    'chart/templates/hook.yaml': job('chart-hook', 'helm.sh/hook: "pre-install,pre-upgrade"'),
  };
}

/** What is written, stage by stage, in any order within a stage. */
export const stagedOrder: readonly (readonly string[])[] = [
  ['jobs/chart-hook', 'jobs/migrate'],
  ['configmaps/early'],
  ['customresourcedefinitions'],
  ['configmaps/facts', 'configmaps/k-built', 'widgets/w'],
  ['configmaps/late'],
  ['jobs/smoke'],
];

export const stagedHooks: readonly string[] = ['jobs/chart-hook', 'jobs/migrate', 'jobs/smoke'];

function job(name: string, annotations: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations: { ${annotations} }
spec:
  backoffLimit: 0
  template: { spec: { restartPolicy: Never, containers: [{ name: work, image: "registry.example/job:1" }] } }
`;
}

function inWave(manifest: string, dialect: Dialect, wave: number): string {
  return manifest.replace(
    /metadata: \{ name: ([\w-]+) \}/,
    `metadata: { name: $1, annotations: { ${dialect}/sync-wave: "${wave}" } }`,
  );
}

function definition(group: string): string {
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget, listKind: WidgetList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { greeting: { type: string } } } } }
`;
}
