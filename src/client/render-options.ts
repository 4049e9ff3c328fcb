/**
 * `render` as users write it, checked and in its normal form.
 */
import { GitOpsError } from '../domain/errors.js';
import type { HelmOptions, RenderOptions } from '../domain/render-options.js';
import type { RenderConfig } from '../schema/render-config.js';

type HelmConfig = NonNullable<RenderConfig['helm']>;

/** @throws GitOpsError InvalidConfig, also for fields of a type that is not rendered */
export function renderOptionsOf(config: RenderConfig): RenderOptions {
  refuseForeign(config);
  const { type, recurse, include, exclude, variables, helm } = config;
  return {
    ...(type === undefined ? {} : { type }),
    ...(recurse === undefined ? {} : { recurse }),
    ...(include === undefined ? {} : { include: listOf(include) }),
    ...(exclude === undefined ? {} : { exclude: listOf(exclude) }),
    ...(variables === undefined ? {} : { variables: textsOf(variables) }),
    ...(helm === undefined ? {} : { helm: helmOptionsOf(helm) }),
  };
}

/** Fields that only one type hears. */
const fieldsOfType = { plain: ['recurse', 'include', 'exclude'], helm: ['helm'], kustomize: [] } as const;

function refuseForeign(config: RenderConfig): void {
  if (config.type === undefined) return;
  for (const [type, fields] of Object.entries(fieldsOfType)) {
    const foreign = type === config.type ? undefined : fields.find((field) => config[field] !== undefined);
    if (foreign !== undefined)
      throw new GitOpsError('InvalidConfig', `render.${foreign} has no meaning for type ${config.type}`, {
        hint: `take it out, or say type = "${type}"`,
      });
  }
}

function helmOptionsOf(config: HelmConfig): HelmOptions {
  const parameters = { ...config.set, ...config.parameters };
  const skipCrds = config.skip_crds ?? (config.include_crds === undefined ? undefined : !config.include_crds);
  const options = {
    releaseName: config.release_name,
    namespace: config.namespace,
    valuesFiles: config.values_files && listOf(config.values_files),
    values: config.values,
    parameters: Object.keys(parameters).length === 0 ? undefined : scalarsOf('helm.parameters', parameters),
    skipCrds,
    skipTests: config.skip_tests,
    kubeVersion: config.kube_version,
    apiVersions: config.api_versions && listOf(config.api_versions),
    skipSchemaValidation: config.skip_schema_validation,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as HelmOptions;
}

type Scalars = Readonly<Record<string, string | number | boolean>>;

function textsOf(variables: Scalars): Record<string, string> {
  const checked = Object.entries(scalarsOf('variables', variables));
  for (const [name] of checked)
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw new GitOpsError('InvalidConfig', `'${name}' cannot be the name of a variable (render.variables)`, {
        hint: 'use letters, digits and _; a digit does not come first',
      });
  return Object.fromEntries(checked.map(([name, value]) => [name, String(value)]));
}

function scalarsOf(field: string, values: Scalars): Scalars {
  for (const [name, value] of Object.entries<unknown>(values))
    if (!['string', 'number', 'boolean'].includes(typeof value))
      throw new GitOpsError('InvalidConfig', `render.${field}.${name} must be text, a number or a boolean`, {
        hint: field === 'variables' ? 'variables are single values' : 'tables go into render.helm.values',
      });
  return values;
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
