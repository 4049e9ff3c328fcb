/**
 * A folder of scripts as the operator keeps it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readActionsFolder, readChecksFolder } from '../../src/adapters/checks/checks-folder.js';

let root: string;

const files = [
  'both/apps/Deployment/health.lua',
  'both/apps/Deployment/actions/discovery.lua',
  'both/apps/Deployment/actions/restart/action.lua',
  'both/apps/Deployment/actions/testdata/a.yaml',
  'both/apps/Deployment/actions/half/readme.md',
  'both/Pod/actions/discovery.lua',
  'only/_/actions/discovery.lua',
  'none/readme.md',
];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sloth-checks-'));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `-- ${file}`);
  }
});

afterAll(() => rmSync(root, { recursive: true }));

describe('a folder of scripts', () => {
  it('has health scripts and actions side by side', () => {
    expect(readChecksFolder(join(root, 'both')).map(({ path }) => path)).toEqual(['apps/Deployment/health.lua']);
    const actions = readActionsFolder(join(root, 'both')).sort((a, b) => (a.folder < b.folder ? -1 : 1));
    expect(actions.map(({ folder, discovery, actions }) => [folder, discovery?.path, [...actions.keys()]])).toEqual([
      ['Pod', 'Pod/actions/discovery.lua', []],
      ['apps/Deployment', 'apps/Deployment/actions/discovery.lua', ['restart']],
    ]);
  });

  it('may hold actions alone', () => {
    expect(readChecksFolder(join(root, 'only'))).toEqual([]);
    expect(readActionsFolder(join(root, 'only'))).toHaveLength(1);
  });

  it('is refused when it holds no script, or is not there', () => {
    expect(() => readChecksFolder(join(root, 'none'))).toThrow(/holds no health script/);
    expect(() => readActionsFolder(join(root, 'nowhere'))).toThrow(/cannot read health scripts of .*nowhere/);
  });
});
