import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { policyDocuments } from '../../../src/adapters/policy/policy-documents.js';
import { compilePolicies } from '../../../src/domain/policy/compile.js';

interface Case {
  readonly title: string;
  readonly policy: string;
  readonly error: string;
  readonly hint?: string;
}

const cases = parse(readFileSync(new URL('./refused-policies.yaml', import.meta.url), 'utf8')) as Case[];

describe('a policy file is refused, naming file, line and field, for', () => {
  it.each(cases.map((c) => [c.title, c] as const))('%s', (_title, { policy, error, hint = '' }) =>
    expect(() => compilePolicies(policyDocuments({ file: 'p.yaml', text: policy }, 'operator'))).toThrow(
      expect.objectContaining({
        code: 'InvalidPolicy',
        message: expect.stringMatching(new RegExp(`^${error}`)),
        ...(hint === '' ? {} : { hint: expect.stringMatching(new RegExp(hint)) }),
      }),
    ),
  );
});
