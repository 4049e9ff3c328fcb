/**
 * Kubernetes quantities (`500m`, `1Gi`, `2e3`), exact to a billionth.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const nano = 1_000_000_000n;
const form = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?)$/;

/** Each suffix as a fraction. */
const suffixes: Readonly<Record<string, readonly [bigint, bigint]>> = {
  n: [1n, nano],
  u: [1n, 1_000_000n],
  m: [1n, 1000n],
  k: [1000n, 1n],
  M: [1000n ** 2n, 1n],
  G: [1000n ** 3n, 1n],
  T: [1000n ** 4n, 1n],
  P: [1000n ** 5n, 1n],
  E: [1000n ** 6n, 1n],
  Ki: [1024n, 1n],
  Mi: [1024n ** 2n, 1n],
  Gi: [1024n ** 3n, 1n],
  Ti: [1024n ** 4n, 1n],
  Pi: [1024n ** 5n, 1n],
  Ei: [1024n ** 6n, 1n],
};

export function isQuantity(text: string): boolean {
  return nanosOf(text) !== undefined;
}

/** Billionths of the unit, what is smaller rounded up; undefined when the text is no quantity. */
export function nanosOf(text: string): bigint | undefined {
  const match = text.length > 100 ? null : form.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent, suffix] = match;
  if (whole + fraction === '') return undefined;
  const [times, by] = exponent === undefined ? (suffixes[suffix ?? ''] ?? [1n, 1n]) : powerOf(Number(exponent));
  const divisor = 10n ** BigInt(fraction.length) * by;
  const nanos = (BigInt(whole + fraction) * times * nano + divisor - 1n) / divisor;
  return sign === '-' ? -nanos : nanos;
}

function powerOf(exponent: number): readonly [bigint, bigint] {
  const power = 10n ** BigInt(Math.abs(exponent));
  return exponent < 0 ? [1n, power] : [power, 1n];
}
