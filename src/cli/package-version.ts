import { readFileSync } from 'node:fs';

/** Version of this package, from its manifest; the same two levels up from src/cli and from dist/cli. */
export function packageVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
