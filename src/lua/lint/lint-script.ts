/**
 * All that can be said of a script without running it (`sloth-runner validate FILE.lua`).
 */
import type { Severity } from '../../domain/validation/finding.js';
import { guardOf } from './guarded.js';
import { columnOf, fromLatin1, latin1, parseScript } from './parse-script.js';
import type { Remark } from './rule.js';
import { literalSecrets } from './rules/text.js';
import { rules } from './rules.js';
import { ScriptFacts, type ScriptFiles } from './script-facts.js';
import type { Position } from './syntax-tree.js';

export interface ScriptFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

type Found = Remark & { readonly rule: string; readonly severity: Severity };

/** In the order of the text. */
export function lintScript(source: string, files: ScriptFiles): ScriptFinding[] {
  const secrets = literalSecrets({ source });
  const said = secrets.map((found): Found => ({ rule: 'literal-secret', severity: 'error', ...found }));
  const seen = remarksOn(source, files).map((found) => ({ ...found, column: columnOf(source, found) }));
  const rest = seen.filter((found) => !secrets.some((secret) => isPartOf(found, secret)));
  const found = withoutTwins([...said, ...rest]);
  return found.sort((a, b) => a.line - b.line || a.column - b.column).map(findingOf);
}

/** A secret that is written out is one finding, whatever its field is called. */
function isPartOf({ rule, line, column }: Found, secret: Position & { readonly length: number }): boolean {
  const inside = column >= secret.column && column < secret.column + secret.length;
  return line === secret.line && inside && ['literal-secret', 'unknown-field'].includes(rule);
}

function remarksOn(source: string, files: ScriptFiles): Found[] {
  const parsed = parseScript(source);
  if ('problem' in parsed) return [{ rule: 'syntax', severity: 'error', ...parsed.problem }];
  const script = new ScriptFacts(source, parsed.chunk, inBytes(files));
  const isGuarded = guardOf(script);
  return rules.flatMap(({ id, severity, check }) =>
    check(script).map((found) => {
      const said = { rule: id, severity, ...found };
      const softened = said.severity === 'error' && said.rule !== 'literal-secret' && isGuarded(found);
      return softened ? { ...said, severity: 'warning' } : said;
    }),
  );
}

/** Paths in the tree are bytes. */
function inBytes(files: ScriptFiles): ScriptFiles {
  const read = (path: string): string | undefined => {
    const text = files.read(fromLatin1(path));
    return text === undefined ? undefined : latin1(text);
  };
  return { read };
}

/** One finding a place: the first rule of the table that has something to say there. */
function withoutTwins(found: readonly Found[]): Found[] {
  const places = new Set<string>();
  return found.filter(({ line, column }) => {
    const place = `${line}:${column}`;
    const fresh = !places.has(place);
    places.add(place);
    return fresh;
  });
}

function findingOf({ rule, severity, line, column, message, hint }: Found): ScriptFinding {
  return { rule, severity, line, column, message: fromLatin1(message), ...(hint && { hint: fromLatin1(hint) }) };
}
