/**
 * Which files a script names in `import`, `require`, `dofile` and `loadfile`, read off its text: only names that are written
 * out can be found before it runs.
 */
export interface FileReference {
  readonly call: 'import' | 'require' | 'dofile' | 'loadfile';
  readonly name: string;
  readonly line: number;
}

/** Comments and strings first, so that nothing in them is taken for code. */
const token =
  /--\[(=*)\[[^]*?\]\1\]|--[^\n]*|\[(=*)\[[^]*?\]\2\]|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|[A-Za-z_]\w*|\S/g;
const calls = new Set(['import', 'require', 'dofile', 'loadfile']);

export function fileReferences(source: string): FileReference[] {
  const tokens = [...source.matchAll(token)].filter(([text]) => !text.startsWith('--'));
  return tokens.flatMap((match, i) => {
    const call = match[0];
    const before = tokens[i - 1]?.[0];
    if (!calls.has(call) || before === '.' || before === ':' || before === 'function') return [];
    const bracket = tokens[i + 1]?.[0] === '(';
    const first = bracket ? i + 2 : i + 1;
    const [given, after] = tokens.slice(first, first + 2).map(([text]) => text);
    const whole = !bracket || after === ')';
    const name = whole ? textOf(given) : undefined;
    return name === undefined ? [] : [{ call: call as FileReference['call'], name, line: lineAt(source, match.index) }];
  });
}

/** The text of a string without escapes; undefined for anything else. */
function textOf(text: string | undefined): string | undefined {
  return /^(["'])([^\\]*)\1$/.exec(text ?? '')?.[2];
}

function lineAt(source: string, index: number): number {
  return source.slice(0, index).split('\n').length;
}
