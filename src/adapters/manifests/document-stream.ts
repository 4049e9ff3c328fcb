/**
 * The documents of a stream one by one, so that a broken one does not take the others with it, and that numbers no
 * double holds and keys that come twice (the last counts) are read as the Go tools read them.
 */
import type { GitOpsError } from '../../domain/errors.js';
import { parseKubernetesYaml } from './kubernetes-yaml.js';

export type StreamedDocument = { readonly value: unknown } | { readonly problem: string };

/** Empty documents are left out. */
export function* readDocuments(text: string, file: string): Generator<StreamedDocument> {
  for (const { start, content } of split(text)) {
    if (!isEmpty(content)) yield* readOne(content, start, file);
  }
}

interface Part {
  /** Line of the stream it starts at, from 0. */
  readonly start: number;
  readonly content: string;
}

const marker = /^---(?=\s|$)/;

/** `---` at the start of a line ends a document wherever it stands, even inside a block of text. */
function* split(text: string): Generator<Part> {
  let [start, from, line] = [0, 0, 0];
  for (let at = 0; at < text.length; line++) {
    const end = text.indexOf('\n', at);
    const next = end < 0 ? text.length : end + 1;
    if (at > from && text.startsWith('---', at) && marker.test(text.slice(at, at + 4))) {
      yield { start, content: text.slice(from, at) };
      [start, from] = [line, at];
    }
    at = next;
  }
  yield { start, content: text.slice(from) };
}

const something = /^(?!%|\uFEFF?(?:---|\.\.\.)?[ \t\r]*(?:#.*)?$)/m;

/** Nothing but comments, markers and directives. */
function isEmpty(content: string): boolean {
  return !something.test(content);
}

function* readOne(content: string, start: number, file: string): Generator<StreamedDocument> {
  const json = readJson(content);
  if (json !== undefined) return yield json;
  try {
    const values = parseKubernetesYaml(content, file, { lenient: true }).map(({ value }) => value);
    for (const value of values) if (value !== null && value !== undefined) yield { value };
  } catch {
    yield { problem: problemIn(content, start, file) };
  }
}

/** A document that is plain JSON is read ten times as fast that way. */
function readJson(content: string): StreamedDocument | undefined {
  if (!/^(?:---)?\s*\{/.test(content.slice(0, 64))) return undefined;
  try {
    return { value: JSON.parse(content.replace(marker, '')) as unknown };
  } catch {
    return undefined;
  }
}

/** Read again behind as many empty lines as stand in front of it, for the line in the message. */
function problemIn(content: string, start: number, file: string): string {
  try {
    parseKubernetesYaml('\n'.repeat(start) + content, file, { lenient: true });
    return `${file}:${start + 1}: cannot be read`;
  } catch (error) {
    return (error as GitOpsError).message;
  }
}
