/** The pipelines of examples/ci, and the shell scripts in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const folder = fileURLToPath(new URL('../../examples/ci/', import.meta.url));

export const pipelineNames = readdirSync(folder);

/** By the name of the job. */
export function scriptsOf(name: string): Record<string, string> {
  const pipeline = parse(readFileSync(`${folder}${name}`, 'utf8')) as Record<string, unknown>;
  const jobs = Object.entries((pipeline['jobs'] ?? pipeline) as Record<string, Job>);
  const scripts = jobs.map(([job, { steps = [], script = [] }]) => {
    const lines = [...steps.flatMap(({ run }) => run ?? []), ...script];
    return [job, lines.join('\n')] as const;
  });
  return Object.fromEntries(scripts.filter(([, text]) => text !== ''));
}

interface Job {
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
}

/** Command lines of ours, as words; variables stand for a value that they might have. */
export function commandLines(script: string, variables: Readonly<Record<string, string>>): string[][] {
  return script
    .split('\n')
    .flatMap((line) => /^\s*sloth-runner (.*?)(?:\s*\|\|.*)?$/.exec(line)?.[1] ?? [])
    .map((line) =>
      line.split(/\s+/).map((word) => word.replace(/^"?\$(\w+)"?$/, (_all, name: string) => variables[name] ?? '')),
    );
}
