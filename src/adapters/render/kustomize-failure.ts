/**
 * What kustomize says when it fails, in one line that names the file and line to mend. It names neither itself for most
 * failures, so we look for the word it complains of in the kustomizations that took part.
 */
import { GitOpsError, type ErrorCode } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import { inRepository, parentOf } from '../../domain/render-options.js';
import type { KustomizationFile } from './kustomization.js';
import type { SourceFile, SourceFiles } from './source-files.js';

export interface KustomizeContext {
  /** Where the source was unpacked; no message names it. */
  readonly root: string;
  readonly source: SourceFiles;
  /** The source's own first. */
  readonly kustomizations: readonly KustomizationFile[];
}

interface Complaint {
  readonly where: string;
  readonly why: string;
  readonly hint?: string;
  readonly code?: ErrorCode;
}

interface Rule {
  readonly says: RegExp;
  readonly means: (groups: Readonly<Record<string, string>>, context: KustomizeContext) => Complaint;
}

export function kustomizeFailure(stderr: string, context: KustomizeContext): GitOpsError {
  const said = withoutRoot(stderr, context.root);
  for (const { says, means } of rules) {
    const match = says.exec(said);
    if (match !== null) return toError(means(match.groups ?? {}, context));
  }
  return toError({ where: ownPath(context), why: lastWords(said) });
}

function toError({ where, why, hint = 'mend it and commit again', code = 'RenderFailed' }: Complaint): GitOpsError {
  return new GitOpsError(code, `${where}: ${why}`, { hint });
}

const rules: readonly Rule[] = [
  {
    says: /cycle detected: candidate root '(?<from>[^']*)' contains visited root '(?<to>[^']*)'/,
    means: ({ to = '' }, context) => ({
      where: mention(context, (text, folder) => inRepository(folder, text) === (to || '.')),
      why: `${to || '.'} builds on itself`,
      hint: 'take the reference out of one of the kustomizations of the circle',
    }),
  },
  {
    says: /(?:evalsymlink failure on|open|lstat|stat) '?(?<path>[^' :]+)'? ?: (?:lstat \S+: )?no such file or directory/,
    means: ({ path = '' }, context) => ({
      where: mention(context, (text, folder) => inRepository(folder, text) === path),
      why: `there is no file or folder ${path}`,
    }),
  },
  {
    says: /unable to find one of 'kustomization\.yaml'.* in directory '(?<path>[^']*)'/,
    means: ({ path = '' }, context) => ({
      where: mention(context, (text, folder) => inRepository(folder, text) === path),
      why: `the folder ${path} holds no kustomization.yaml`,
    }),
  },
  {
    says: /may not add resource with an already registered id: (?<kind>[^.\s]+)\.\S*?\/(?<name>[^.\s']+)/,
    means: ({ kind = '', name = '' }, context) => {
      const places = definitions(context, kind, name);
      return {
        where: ownPath(context),
        why: `${kind} ${name} is defined twice: ${places.join(' and ') || 'in two of its resources'}`,
        hint: 'remove one of them',
        code: 'DuplicateObject',
      };
    },
  },
  {
    says: /no matches for Id (?<kind>[^.\s]+)\.\S*?\/(?<name>[^.\s;]+)/,
    means: ({ kind = '', name = '' }, context) => ({
      where: patchOf(context, kind, name),
      why: `the patch of ${kind} ${name} finds no such object among the resources`,
      hint: 'check kind, name and namespace of its target',
    }),
  },
  {
    says: /invalid Kustomization: json: unknown field "(?<field>[^"]+)"/,
    means: ({ field = '' }, context) => {
      const near = nearest(field, knownFields);
      return {
        where: lineWith(context, new RegExp(`^\\s*(- )?["']?${escaped(field)}["']?\\s*:`)),
        why: `kustomize knows no field '${field}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
      };
    },
  },
  {
    says: /invalid Kustomization: json: cannot unmarshal (?<got>\S+) into Go struct field \S*?\.(?<field>[\w.]+) of type (?<type>\S+)/,
    means: ({ got = '', field = '', type = '' }, context) => ({
      where: lineWith(context, new RegExp(`^\\s*(- )?${escaped(field.split('.').at(-1) ?? '')}\\s*:`)),
      why: `${field} is a ${got} where ${type} is expected`,
    }),
  },
  {
    says: /yaml: (?:line (?<line>\d+): )?(?<why>.*?) in File: (?<path>[^\s']+)/,
    means: ({ line, why = '', path = '' }, context) => ({
      where: `${resolved(context, path)}${line === undefined ? '' : `:${line}`}`,
      why,
    }),
  },
  {
    says: /accumulating resources from '(?<path>[^']+)': missing Resource metadata/,
    means: ({ path = '' }, context) => ({ where: resolved(context, path), why: 'it holds no Kubernetes objects' }),
  },
  {
    says: /from '(?<path>[^']+)': (?:missing metadata\.name|.*missing metadata\.name)/,
    means: ({ path = '' }, context) => ({ where: resolved(context, path), why: 'metadata.name is missing' }),
  },
  {
    says: /security; file '(?<path>[^']+)' is not in or below '(?<folder>[^']+)'/,
    means: ({ path = '', folder = '' }, context) => ({
      where: mention(context, (text, from) => inRepository(from, text) === path),
      why: `${path} lies outside ${folder}, whose kustomization may only use files of its own`,
      hint: 'make a kustomization of the folder it lies in, and refer to that',
    }),
  },
  {
    // kustomize quotes the literal twice, and it may be what a Secret is to hold
    says: /invalid literal source [\s\S]*, expected key=value/,
    means: (_groups, context) => ({
      where: lineWith(context, /^\s*(- )?["']?literals["']?\s*:/),
      why: 'a literal of a generator is no key=value',
      hint: 'write it as key=value; the value is not shown here, as it may be a secret',
    }),
  },
  {
    says: /external plugins disabled; unable to load external plugin '(?<kind>[^']+)'/,
    means: ({ kind = '' }, context) => ({
      where: definitions(context, kind)[0] ?? lineWith(context, /^(generators|transformers|validators)\s*:/),
      why: `${kind} is a plugin or function; rendering runs none`,
      hint: 'commit what it makes instead',
      code: 'NotAllowed',
    }),
  },
];

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization */
const knownFields: readonly string[] = [
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'generators',
  'transformers',
  'validators',
  'namePrefix',
  'nameSuffix',
  'namespace',
  'commonLabels',
  'commonAnnotations',
  'labels',
  'images',
  'replicas',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'vars',
  'openapi',
  'configMapGenerator',
  'secretGenerator',
  'generatorOptions',
  'buildMetadata',
  'sortOptions',
];

/** Paths as they are in the repository. */
function withoutRoot(text: string, root: string): string {
  return text.replaceAll(`${root}/`, '').replaceAll(root, '').trim();
}

function ownPath({ kustomizations: [own], source }: KustomizeContext): string {
  return own?.path ?? source.folder;
}

/** `file:line` of the first word of a kustomization that is meant. */
function mention(context: KustomizeContext, meant: (text: string, folder: string) => boolean): string {
  for (const { path, text } of context.kustomizations) {
    const folder = parentOf(path);
    const at = text.split('\n').findIndex((line) => wordsOf(line).some((word) => meant(word, folder)));
    if (at >= 0) return `${path}:${at + 1}`;
  }
  return ownPath(context);
}

function wordsOf(line: string): string[] {
  return line
    .replace(/#.*$/, '')
    .split(/[\s,"'[\]{}=]+|:\s/)
    .filter((word) => word !== '' && word !== '-');
}

function lineWith(context: KustomizeContext, pattern: RegExp): string {
  for (const { path, text } of context.kustomizations) {
    const at = text.split('\n').findIndex((line) => pattern.test(line));
    if (at >= 0) return `${path}:${at + 1}`;
  }
  return ownPath(context);
}

/** A path as a kustomization writes it, in the repository. */
function resolved({ source, kustomizations }: KustomizeContext, path: string): string {
  const candidates = kustomizations.flatMap((file) => inRepository(parentOf(file.path), path) ?? []);
  return candidates.find((candidate) => source.files.some((file) => file.path === candidate)) ?? path;
}

/** Where a patch of that object stands: in a kustomization, else in a file of its own. */
function patchOf(context: KustomizeContext, kind: string, name: string): string {
  const inline = lineWith(context, new RegExp(`\\bname:\\s*["']?${escaped(name)}["']?\\s*[,}]?\\s*$`));
  if (inline !== ownPath(context)) return inline;
  return definitions(context, kind, name)[0] ?? inline;
}

/** Files with a document of that kind and name, at the line of its kind. */
function definitions({ source }: KustomizeContext, kind: string, name?: string): string[] {
  return source.files.flatMap((file) => definitionsIn(file, kind, name));
}

function definitionsIn({ path, bytes }: SourceFile, kind: string, name: string | undefined): string[] {
  const ofKind = new RegExp(`^\\s*kind:\\s*["']?${escaped(kind)}["']?\\s*$`);
  const named = name === undefined ? /^/ : new RegExp(`\\bname:\\s*["']?${escaped(name)}["']?\\s*([,}]|$)`, 'm');
  let line = 1;
  return bytes
    .toString('utf8')
    .split(/^---.*$/m)
    .flatMap((text) => {
      const at = text.split('\n').findIndex((one) => ofKind.test(one));
      const place = `${path}:${line + at}`;
      line += text.split('\n').length - 1;
      return at >= 0 && named.test(text) ? [place] : [];
    });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The innermost of the errors that kustomize puts around each other. */
function lastWords(said: string): string {
  const line = said.split('\n').find((one) => one.startsWith('Error: ') || one.startsWith('error: ')) ?? said;
  const [inner = line] = line.split("': must build at directory");
  const words = inner.split(/accumulation err='/).at(-1) ?? inner;
  return words.replace(/^[Ee]rror: /, '').slice(0, 500) || 'kustomize failed and said nothing';
}
