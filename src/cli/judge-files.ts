/**
 * `health -f`: a verdict on each document, without a cluster.
 */
import { readFileSync } from 'node:fs';
import { readDocuments } from '../adapters/manifests/document-stream.js';
import { judgeDocument, noObject, type DocumentHealth } from '../domain/health/documents.js';
import type { CustomHealth } from '../domain/health/status.js';
import { GitOpsError } from '../domain/errors.js';

export interface JudgeOptions {
  /** `-` for standard input. */
  readonly file: string;
  /** Folder of health scripts. */
  readonly checks?: string | undefined;
}

/** @throws GitOpsError InvalidInput when the file or the folder cannot be read */
export async function* judgeFile({ file, checks }: JudgeOptions): AsyncGenerator<DocumentHealth> {
  const text = readInput(file);
  const custom = checks === undefined ? undefined : await loadScripts(checks);
  for (const document of readDocuments(text, file === '-' ? 'stdin' : file)) {
    yield 'problem' in document ? noObject(document.problem) : judgeDocument(document.value, custom);
  }
}

function readInput(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new GitOpsError('InvalidInput', `cannot read ${file}: ${(error as Error).message}`, {
      hint: 'name a file of YAML or JSON documents, or - for standard input',
      cause: error,
    });
  }
}

async function loadScripts(folder: string): Promise<CustomHealth> {
  const { healthScripts } = await import('../worker/health-scripts.js');
  return healthScripts(folder);
}
