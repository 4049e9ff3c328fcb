/**
 * URLs of scripts' requests, as text. No URL class: this also runs inside workflows.
 */

/** What may be shown of a URL: neither user, nor query, nor fragment, where tokens like to be. */
export function withoutSecrets(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
