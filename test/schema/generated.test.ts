import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { generateCallSchemas } from '../../src/schema/index.js';

it('the checkers of the Lua calls are those of the schemas (npm run generate)', () => {
  const stored = readFileSync(new URL('../../src/lua/generated/call-schemas.ts', import.meta.url), 'utf8');
  expect(stored).toBe(generateCallSchemas());
});
