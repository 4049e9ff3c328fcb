/** Writes docs/lua; a test fails when a page is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';
import { pages } from '../src/lua/reference/print/markdown.js';

const folder = new URL('../docs/lua/', import.meta.url);
mkdirSync(folder, { recursive: true });
const options = await prettier.resolveConfig(new URL('README.md', folder).pathname);
for (const [name, text] of Object.entries(pages()))
  writeFileSync(new URL(name, folder), await prettier.format(text, { ...options, parser: 'markdown' }));
