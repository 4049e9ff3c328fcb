/**
 * What render refuses, as data: `errors/*.yaml`. Kustomize and helm are the real ones.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { sourceOf, type WrittenFiles } from './source-of.js';
import { renderSource } from '../../../src/adapters/render/render-source.js';
import type { GitOpsError } from '../../../src/domain/errors.js';
import type { RenderOptions } from '../../../src/domain/render-options.js';

interface Case {
  readonly title: string;
  readonly files: WrittenFiles;
  readonly render?: RenderOptions;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

/** As plain data: Jest shows no difference between two errors' messages. */
function told({ code, message, hint }: GitOpsError): Pick<GitOpsError, 'code' | 'message' | 'hint'> {
  return { code, message, hint };
}

describe.each(['plain', 'kustomize', 'helm'])('%s refuses', (type) => {
  const text = readFileSync(new URL(`errors/${type}.yaml`, import.meta.url), 'utf8');
  it.each((parse(text) as Case[]).map((one) => [one.title, one] as const))('%s', async (_title, one) => {
    const { code = 'RenderFailed', message, hint = expect.any(String) } = one;
    const facts = { appName: 'shop', signal: new AbortController().signal };
    const rendering = renderSource(sourceOf(one.files), one.render ?? {}, facts);
    const refused = await rendering.then(() => 'it was rendered', told);
    expect(refused).toEqual({ code, message, hint });
  });
});
