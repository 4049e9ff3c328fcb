import { describe, expect, it } from '@jest/globals';
import type { SyncRecord } from '../../src/domain/sync-record.js';
import { initialState, unrunRecord } from '../../src/workflows/application-state.js';
import type { NumberedRequest, SyncRequest } from '../../src/workflows/messages.js';
import {
  isOnItsWay,
  isSettled,
  keepingCommit,
  keptForLater,
  requestFor,
} from '../../src/workflows/observed-revision.js';

const main = { revision: 'm1' };
const further = { revision: 'f1', repository: 'https://x/further' };
const auto = { trigger: 'auto', who: 'auto-sync' } as const;
const why = 'https://x/further moved to f1';

function waiting(request: SyncRequest): NumberedRequest {
  return { ...request, number: 2, requestedAt: '' };
}

function after(record: Partial<SyncRecord>) {
  const ran = unrunRecord('app', waiting({}), 'succeeded', '', '');
  return { ...initialState(), history: [{ ...ran, ...record }] };
}

describe('a commit that was seen', () => {
  it.each([
    ['of the main source asks for it', main, undefined, { revision: 'm1', ...auto }],
    ['of a further source asks for all branches', further, undefined, { ...auto, why, seen: further }],
    ['takes the place of an older one', main, { revision: 'm0', ...auto }, { revision: 'm1', ...auto }],
    ['of a further source does not lose the one of the main source', further, { ...main, ...auto }, { ...auto, why }],
    ['of the main source does not lose the one of a further source', main, { ...auto, seen: further }, auto],
    ['joins a request for all branches', main, auto, auto],
  ])('%s', (_title, seen, before, request) => expect(requestFor(seen, before && waiting(before))).toEqual(request));

  it.each([
    ['of the main source, when it ran last', main, { revision: 'm1' }, true],
    [
      'of the main source, not when its request was replaced',
      main,
      { revision: 'm1', status: 'superseded' as const },
      false,
    ],
    ['of a further source, when the last sync had it', further, { revisions: [{ ...further, path: '.' }] }, true],
    ['of a further source, not when the main one has it', further, { revision: 'f1' }, false],
    [
      'of a further source, not when another has it',
      further,
      { revisions: [{ ...further, path: '.', repository: 'y' }] },
      false,
    ],
  ])('is settled: %s', (_title, seen, record, settled) => expect(isSettled(after(record), seen)).toBe(settled));

  it('is on its way when a request is for it', () => {
    expect(isOnItsWay(main, main)).toBe(true);
    expect(isOnItsWay(further, { seen: further })).toBe(true);
    expect(isOnItsWay(further, { revision: 'f1' })).toBe(false);
    expect(isOnItsWay(further, undefined)).toBe(false);
  });

  it('is kept for later beside one of another repository', () =>
    expect(keptForLater(keptForLater(initialState(), main), further)).toMatchObject({
      observed: 'm1',
      observedElsewhere: further,
    }));

  it.each<[string, SyncRequest, SyncRequest, object]>([
    [
      "comes after a person's rollback that takes its place",
      { ...main, ...auto },
      { operation: 'rollback' },
      { observed: 'm1' },
    ],
    ['of a further source likewise', { ...auto, seen: further }, {}, { observedElsewhere: further }],
    ['is forgotten for a newer one', { ...main, ...auto }, { revision: 'm2', ...auto }, {}],
    ["is not made of a person's request", { ...main }, {}, {}],
  ])('%s', (_title, superseded, by, kept) => {
    const { observed, observedElsewhere } = keepingCommit(initialState(), waiting(superseded), by);
    expect(JSON.parse(JSON.stringify({ observed, observedElsewhere }))).toEqual(kept);
  });
});
