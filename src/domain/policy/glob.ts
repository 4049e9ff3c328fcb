/**
 * Patterns of names: `*` is any text without a slash, `**` any text, `?` one character. Slow patterns do not exist: the
 * work is at most the length of the pattern times that of the text.
 */

export function globMatches(pattern: string, text: string): boolean {
  let reached = new Set([0]);
  for (const step of stepsOf(pattern)) {
    const next = new Set<number>();
    for (const at of reached) for (const end of ends(step, text, at)) if (!next.has(end)) next.add(end);
    reached = next;
    if (reached.size === 0) return false;
  }
  return reached.has(text.length);
}

/** Like a list of patterns, of which those that start with `!` take away. Nothing but these: everything else is meant. */
export function allowedBy(patterns: readonly string[], text: string): boolean {
  const denied = patterns.filter((p) => p.startsWith('!')).map((p) => p.slice(1));
  const allowed = patterns.filter((p) => !p.startsWith('!'));
  if (denied.some((p) => globMatches(p, text))) return false;
  return allowed.length === 0 ? denied.length > 0 : allowed.some((p) => globMatches(p, text));
}

function stepsOf(pattern: string): string[] {
  return pattern.match(/\*\*|[^]/g) ?? [];
}

function* ends(step: string, text: string, at: number): Generator<number> {
  if (step === '?' && at < text.length && text[at] !== '/') yield at + 1;
  else if (step === '*' || step === '**') yield* spans(step, text, at);
  else if (text[at] === step) yield at + 1;
}

function* spans(step: string, text: string, at: number): Generator<number> {
  yield at;
  for (let i = at; i < text.length && (step === '**' || text[i] !== '/'); i++) yield i + 1;
}
