/**
 * What may be told of a server's message about a Secret. Such a message may quote the Secret's values (`.stringData.pin:
 * expected string, got &value.valueUnstructured{Value:987654321}`), so that only what is known to hold none is kept.
 */
import type { Cause } from './status-failure.js';

const notShown = '(not shown: it is a Secret)';

/** `data[tls.crt]`, `.metadata.labels.app`: ends in front of a colon. */
const path = String.raw`\.?\b(?:metadata|data|stringData|type|immutable|kind|apiVersion)\b(?:[\w./-]|\[[^\]\s]*\])*`;
const pathAndReason = new RegExp(String.raw`(?:^|[\s[:])(${path}): (?=(\S[^\n]*))`, 'g');

/** Reasons that quote nothing, whole. */
const reasons = [
  /^expected [a-z]+(?=, got|$)/,
  /^field not declared in schema/,
  /^Required value/,
  /^Too long: may not be more than \d+ bytes/,
  /^Forbidden: field is immutable when `immutable` is set/,
];

/** Messages, or parts of some, that name no value. */
const phrases = [
  /(?<=\s)\.[\w.\-/[\]]+: field not declared in schema/,
  /illegal base64 data at input byte \d+/,
  /into Go struct field [\w.]+ of type [\w.[\]]+/,
  /unknown field "[\w.\-/[\]]+"/,
  /admission webhook "[\w.-]+" denied the request/,
  /ValidatingAdmissionPolicy '[\w.-]+' with binding '[\w.-]+' denied request/,
  /failed calling webhook "[\w.-]+"/,
  /context deadline exceeded|connection refused|no such host|no endpoints available/,
  /etcdserver: [a-z ]+/,
  /[Rr]equest(?: entity)? (?:is )?too large(?:: limit is \d+)?/,
  /the server is currently unable to handle the request/,
  /the server was unable to return a response in the time allotted/,
];

/** Answers whose message is the API server's own and quotes names only, unless an admission plugin wrote it. */
const quotesNamesOnly: ReadonlySet<number> = new Set([401, 403, 404, 409, 429]);

export function secretMessage(code: number, message: string): string {
  return quotesNamesOnly.has(code) && !/denied (?:the )?request/.test(message) ? message : withoutValues(message);
}

export function secretCause({ field, message = '' }: Cause): string {
  return field === undefined || field === '' ? withoutValues(message) : `${field}: ${reasonOf(message)}`;
}

function withoutValues(message: string): string {
  const found = [...message.matchAll(pathAndReason)].map(([, at = '', reason = '']) => `${at}: ${reasonOf(reason)}`);
  const known = phrases.flatMap((phrase) => phrase.exec(message)?.[0] ?? []);
  const told = [...new Set([...known, ...found])];
  return told.length > 0 ? told.join('; ') : `the server's message is left out ${notShown}`;
}

function reasonOf(message: string): string {
  const known = reasons.flatMap((reason) => reason.exec(message)?.[0] ?? [])[0];
  return known ?? `has a value the server does not accept ${notShown}`;
}
