/** Writes docs/openapi.json from the routes of the JSON API and their schemas; a test fails when it is stale. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { openApiDocument } from '../src/http/openapi.js';
import { packageVersion } from '../src/cli/package-version.js';
import { apiRoutes } from '../src/http/api/routes.js';

const file = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));
const text = JSON.stringify(openApiDocument(apiRoutes, packageVersion()));
const options = await prettier.resolveConfig(file);
writeFileSync(file, await prettier.format(text, { ...options, parser: 'json' }));
