/**
 * From a reference to the secret itself, inside the activity that needs it: `env:NAME`, `file:PATH`, `secret:NAME`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretReference } from '../../domain/application.js';
import { GitOpsError } from '../../domain/errors.js';

export interface SecretSources {
  /** Secrets without an entry in `secrets` are files `<home>/secrets/<name>`. */
  readonly home: string;
  readonly secrets: Readonly<Record<string, string>>;
}

export type ResolveSecret = (reference: SecretReference) => Promise<string>;

const nameForm = /^[A-Za-z0-9][\w.-]*$/;

export function secretResolver(sources: SecretSources, env: NodeJS.ProcessEnv = process.env): ResolveSecret {
  const resolve = async (reference: SecretReference): Promise<string> => {
    const [scheme, name] = split(reference);
    if (scheme === 'env')
      return readVariable(name, env) ?? unavailable(reference, `set the variable ${name} for the worker`);
    if (scheme === 'file') return readSecret(name, reference);
    if (!nameForm.test(name)) return unavailable(reference, 'a name has letters, digits, dots, dashes');
    const mapped = Object.hasOwn(sources.secrets, name) ? sources.secrets[name] : undefined;
    return mapped === undefined
      ? readSecret(join(sources.home, 'secrets', name), reference)
      : resolveMapped(mapped, reference);
  };
  const resolveMapped = (mapped: string, reference: string): Promise<string> =>
    /^(env|file):/.test(mapped)
      ? resolve(mapped)
      : Promise.resolve(unavailable(reference, 'in the configuration it must be env:NAME or file:PATH'));
  return resolve;
}

function split(reference: string): [scheme: string, name: string] {
  const colon = reference.indexOf(':');
  const scheme = reference.slice(0, colon);
  if (!['env', 'file', 'secret'].includes(scheme))
    throw new GitOpsError('LiteralSecret', 'a secret is written out instead of referred to', {
      hint: 'write secret("name"), "env:NAME" or "file:PATH"',
    });
  return [scheme, reference.slice(colon + 1)];
}

function readVariable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

async function readSecret(path: string, reference: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch {
    return unavailable(reference, `put it into ${path} on the worker's machine`);
  }
}

function unavailable(reference: string, hint: string): never {
  throw new GitOpsError('SecretUnavailable', `the secret ${reference} cannot be read here`, { hint });
}
