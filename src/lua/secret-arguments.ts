/**
 * References to secrets among the arguments of a call. Where no activity resolves them they are refused: taken by its name, a
 * secret would be stored or sent as the text `secret:x`, and nobody would see why nothing works.
 */
import { shown, textsIn, type SecretText } from '../domain/secret-text.js';
import type { Parameter } from './calls/call-row.js';
import type { FieldSchema } from './generated/call-schemas.js';
import type { Data } from './host.js';

const toExec = ': hand it over in env, and use its variable in the command';
const toState = ': keep its name instead, and write secret(name) in the call that needs it';
const toField = ': hand it over in a field that takes secrets, such as credentials, env, headers or json';

/** The error to throw for an argument by position. */
export function secretInText(call: string, { name, type }: Parameter, secret: SecretText, position: number): Error {
  const advice = call === 'run' ? toExec : type === 'any' ? toState : '';
  return new Error(`bad argument #${position} to '${call}' (${notPutInto(`the ${name}`, secret)}${advice})`);
}

/** @returns the value, which holds none @throws Error with the text to raise */
export function withoutSecrets(path: string, value: Data): Data {
  const [secret] = textsIn(value);
  if (secret === undefined) return value;
  throw new Error(`bad field ${path} (${notPutInto('it', secret)}${toField})`);
}

/** Of one that the script made, in a field for which a reference is all there may be. */
export function checkSecret(path: string, { reference }: FieldSchema, secret: SecretText): Data {
  if (reference !== true) return withoutSecrets(path, secret as never);
  const [, only = ''] = secret.$secret;
  if (only === shown(secret)) return only;
  throw new Error(`bad field ${path} (the secret alone, with no text around it, expected, got '${clipped(secret)}')`);
}

function notPutInto(what: string, secret: SecretText): string {
  return `a secret is not put into ${what}, got '${clipped(secret)}'`;
}

function clipped(secret: SecretText): string {
  const text = shown(secret);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
