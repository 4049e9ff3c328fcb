import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replay, swapped } from './replay.js';
import { fileOf, listed, sha256, stored, textOf } from './stored-histories.js';

const names = listed().map((entry) => entry.name);
const types = [
  ...['application', 'sync', 'preview', 'script', 'repository', 'sweep', 'drift', 'resource'],
  ...['announcement', 'diff', 'promotion'],
];
const dir = mkdtempSync(join(tmpdir(), 'sloth-replay-'));
let outcomes: ReadonlyMap<string, string | null>;

beforeAll(async () => void (outcomes = await replay(names.map(fileOf))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('stored histories', () => {
  it('are those of the list, none changed, none missing, none that nobody listed', () => {
    expect(stored().sort()).toEqual([...names].sort());
    for (const entry of listed()) expect([entry.name, sha256(textOf(entry.name))]).toEqual([entry.name, entry.sha256]);
  });

  it('are at least 24, of every type of workflow', () => {
    expect(names.length).toBeGreaterThanOrEqual(24);
    expect([...new Set(names.map((name) => name.split('-')[0]))].sort()).toEqual([...types].sort());
  });

  it.each(names)('%s replays', (name) => expect(outcomes.get(name)).toBeNull());
});

describe('two steps of sync in the other order', () => {
  it('make its history fail', async () => {
    const bundle = join(dir, 'swapped.js');
    writeFileSync(bundle, swapped('await this.steps.backup(plan);', "await this.stages(plan, 'PreSync', 'Sync');"));
    const name = 'sync-updated-and-pruned';
    expect((await replay([fileOf(name)], bundle)).get(name)).toMatch(/nondeterminism/i);
  });
});
