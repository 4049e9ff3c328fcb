/**
 * `${name}`, `${name:-default}` and `${name:=default}` in a text; `$${name}` stands for `${name}`. Strict: a name that is
 * neither defined nor has a default is an error. The form of Flux's postBuild and of Argo CD's build environment.
 */
import { nearest } from './nearest.js';

export type Variables = Readonly<Record<string, string>>;

const reference = /(\$?)\$\{([^{}]*)\}/g;
const form = /^([A-Za-z_]\w*)(?::[-=](.*))?$/s;

export function hasVariables(text: string): boolean {
  return text.includes('${');
}

/** @throws Error that says which reference, and why not */
export function substitute(text: string, variables: Variables): string {
  return text.replace(reference, (whole: string, escape: string, inner: string) =>
    escape === '' ? valueOf(inner, variables) : whole.slice(1),
  );
}

function valueOf(inner: string, variables: Variables): string {
  const [, name, otherwise] = form.exec(inner) ?? [];
  if (name === undefined)
    throw new Error(`\${${inner}} is no reference to a variable; write $\${${inner}} to keep it as it is`);
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (otherwise !== undefined) return value || otherwise;
  if (value !== undefined) return value;
  const near = nearest(name, Object.keys(variables));
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  throw new Error(`the variable '${name}' is not defined and has no default${hint}`);
}

/** What every application brings along. */
export function builtInVariables(facts: {
  readonly app?: string | undefined;
  readonly revision?: string | undefined;
  readonly namespace?: string | undefined;
  readonly environment?: string | undefined;
}): Variables {
  return {
    sloth_app: facts.app ?? '',
    sloth_revision: facts.revision ?? '',
    sloth_namespace: facts.namespace ?? '',
    sloth_environment: facts.environment ?? '',
  };
}

const optOut = ['sloth-runner.dev/substitute', 'kustomize.toolkit.fluxcd.io/substitute'];

/** @param object as it was rendered; its annotations, or Flux's label, may ask to be left alone */
export function wantsSubstitution(object: unknown): boolean {
  const metadata = (
    object as { metadata?: Record<'annotations' | 'labels', Record<string, unknown> | undefined> } | null
  )?.metadata;
  return !optOut.some(
    (name) => metadata?.annotations?.[name] === 'disabled' || metadata?.labels?.[name] === 'disabled',
  );
}
