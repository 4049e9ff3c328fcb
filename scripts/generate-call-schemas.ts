/** Writes the checkers' data for the Lua calls; a test fails when it is stale. */
import { writeFileSync } from 'node:fs';
import { generateCallSchemas } from '../src/schema/index.js';

writeFileSync(new URL('../src/lua/generated/call-schemas.ts', import.meta.url), generateCallSchemas());
