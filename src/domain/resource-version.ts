/**
 * Order of resource versions: numbers as text, too long for ours to be compared as such.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function isNewer(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined) return false;
  if (than === undefined || version.length !== than.length) return than === undefined || version.length > than.length;
  return version > than;
}
