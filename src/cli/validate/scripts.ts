/**
 * Scripts, without running them: what `src/lua/lint` says of each.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Finding } from '../../domain/validation/finding.js';
import type { ScriptFiles } from '../../lua/lint/script-facts.js';

export async function checkScripts(files: readonly string[]): Promise<Finding[]> {
  if (files.length === 0) return [];
  // Fengari reads it while it is loaded, see src/lua/fengari.ts.
  process.env['FENGARICONF'] = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true });
  const { lintScript } = await import('../../lua/lint/lint-script.js');
  return files.flatMap((file) =>
    lintScript(readFileSync(file, 'utf8'), filesBeside(file)).map((finding) => ({ file, ...finding })),
  );
}

function filesBeside(script: string): ScriptFiles {
  return {
    read: (path) => {
      try {
        return readFileSync(resolve(dirname(script), path), 'utf8');
      } catch {
        return undefined;
      }
    },
  };
}
