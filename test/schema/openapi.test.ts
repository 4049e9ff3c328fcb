/** docs/openapi.json is what the routes say today; the configuration knows the senders that there are. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { packageVersion } from '../../src/cli/package-version.js';
import { configFileSchema } from '../../src/config/config-file.js';
import { apiRoutes } from '../../src/http/api/routes.js';
import { openApiDocument } from '../../src/http/openapi.js';
import { senderNames } from '../../src/http/webhooks/senders.js';

it('docs/openapi.json is current (npm run generate)', () => {
  const written: unknown = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(openApiDocument(apiRoutes, packageVersion()))));
});

it('every operation has a name of its own', () => {
  expect(new Set(apiRoutes.map(({ id }) => id)).size).toBe(apiRoutes.length);
});

it('the configuration takes each sender, and no secret that is written out', () => {
  const webhooks = senderNames.map((sender) => ({ sender, secret: 'env:SECRET' }));
  expect(configFileSchema.safeParse({ webhooks }).success).toBe(true);
  expect(configFileSchema.safeParse({ webhooks: [{ sender: 'github', secret: 'hunter2' }] }).success).toBe(false);
});
