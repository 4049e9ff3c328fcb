/**
 * What helm says when it fails, in one line that begins with the file and line to mend. Helm 3 and 4 word it apart.
 */
import { GitOpsError } from '../../domain/errors.js';
import { inRepository } from '../../domain/render-options.js';
import { templatePath, type Chart } from './helm-chart.js';
import type { SourceFiles } from './source-files.js';

export interface HelmContext {
  /** Where the chart was unpacked; no message names it. */
  readonly root: string;
  readonly source: SourceFiles;
  readonly chart: Chart;
  /** Where each values file was put, and what the user calls it. */
  readonly values: readonly (readonly [path: string, name: string])[];
}

interface Complaint {
  readonly where: string;
  readonly why: string;
  readonly hint?: string;
}

interface Rule {
  readonly says: RegExp;
  readonly means: (groups: Readonly<Record<string, string>>, context: HelmContext) => Complaint;
}

export function helmFailure(stderr: string, context: HelmContext): GitOpsError {
  const said = readable(stderr, context);
  for (const { says, means } of rules) {
    const match = says.exec(said);
    if (match === null) continue;
    const { where, why, hint = 'mend it and commit again' } = means(match.groups ?? {}, context);
    return new GitOpsError('RenderFailed', `${where}: ${oneLine(inRepositoryTerms(why, context))}`, { hint });
  }
  const why = oneLine(said).slice(0, 500) || 'helm failed and said nothing';
  return new GitOpsError('RenderFailed', `${context.source.folder}: ${why}`, {
    hint: 'mend the chart and commit again',
  });
}

const place = String.raw`(?<path>[^\s:()]+):(?<line>\d+)(?::\d+)?`;

const rules: readonly Rule[] = [
  {
    says: new RegExp(String.raw`execution error at \(${place}\): (?<why>.*)`),
    means: inTemplate,
  },
  {
    says: new RegExp(String.raw`parse error at \(${place}\): (?<why>.*)`),
    means: inTemplate,
  },
  {
    // helm 4: a place in each include, the innermost last
    says: new RegExp(String.raw`(?:^|\n)${place}\n\s+executing (?<chain>[\s\S]*)`),
    means: ({ path = '', line = '', chain = '' }, context) => innermost(path, line, chain, context),
  },
  {
    // helm 3
    says: new RegExp(String.raw`template: (?:.*template: )?${place}: executing "[^"]*" at (?<why><.*)`),
    means: inTemplate,
  },
  {
    says: /YAML parse error on (?<path>\S+): error converting YAML to JSON: yaml: (?:line (?<line>\d+): )?(?<why>.*)/,
    means: ({ path = '', line, why = '' }, context) => ({
      where: template(path, context),
      why: `it does not give YAML: ${line === undefined ? '' : `line ${line} of what it gives: `}${why}`,
    }),
  },
  {
    says: /failed to parse (?<path>\S+): .*?yaml: (?:line (?<line>\d+): )?(?<why>.*)/,
    means: ({ path = '', line, why = '' }) => ({ where: `${path}${line === undefined ? '' : `:${line}`}`, why }),
  },
  {
    says: /cannot load (?<path>\S+\.yaml): .*?yaml: (?:line (?<line>\d+): )?(?<why>.*)/,
    means: ({ path = '', line, why = '' }, { source }) => ({
      where: `${inRepository(source.folder, path) ?? path}${line === undefined ? '' : `:${line}`}`,
      why,
    }),
  },
  {
    says: /values don't meet the specifications of the schema\(s\) in the following chart\(s\):\n(?<list>[\s\S]*)/,
    means: ({ list = '' }, { source }) => ({
      where: inRepository(source.folder, 'values.schema.json') ?? '',
      why: `the values do not fit the schema: ${violations(list)}`,
      hint: 'change the values, or say render.helm.skip_schema_validation = true',
    }),
  },
];

function inTemplate(
  { path = '', line = '', why = '' }: Readonly<Record<string, string>>,
  context: HelmContext,
): Complaint {
  return { where: `${template(path, context)}:${line}`, why };
}

function innermost(path: string, line: string, chain: string, context: HelmContext): Complaint {
  const places = [...chain.matchAll(/^(\S+?):(\d+):\d+$/gm)];
  const [, file = path, at = line] = places.at(-1) ?? [];
  const lines = chain.split('\n').filter((one) => one.trim() !== '');
  const expression = /at (<.*>):?$/.exec(lines.findLast((one) => / at <.*>:?$/.test(one)) ?? '')?.[1];
  const cause = (lines.at(-1) ?? '').trim();
  return {
    where: `${template(file, context)}:${at}`,
    why: expression === undefined ? cause : `${expression}: ${cause}`,
  };
}

function template(path: string, { chart, source }: HelmContext): string {
  return templatePath(path, chart.name, source.folder);
}

/** Templates that a message names in passing. */
function inRepositoryTerms(text: string, context: HelmContext): string {
  return text.replace(/[\w./-]+\/templates\/[\w./-]+/g, (path) => template(path, context));
}

/** `- at '/replicas': got text, want number`, a line each, for each chart. */
function violations(list: string): string {
  const found = list.split('\n').filter((line) => line.startsWith('- '));
  return found.length === 0
    ? list
    : found
        .map((line) =>
          line.replace(/^- at '\/?([^']*)': /, (_all, at: string) => `${at ? `${at.replaceAll('/', '.')}: ` : ''}`),
        )
        .join('; ');
}

/** Without where things lie on this machine, and without what is said for those who sit in front of helm. */
function readable(stderr: string, { root, source, values }: HelmContext): string {
  const named = values.reduce((text, [path, name]) => text.replaceAll(path, name), stderr);
  return named
    .replaceAll(`${root}/${source.folder === '.' ? '' : `${source.folder}/`}`, '')
    .replaceAll(`${root}/`, '')
    .split('\n')
    .filter(
      (line) =>
        !/^(level=|WARNING: |walk\.go|coalesce\.go|Use --debug flag)/.test(line.trim()) &&
        !/^\d{4}\/\d\d\/\d\d /.test(line),
    )
    .join('\n')
    .replace(/^Error: /m, '')
    .trim();
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
