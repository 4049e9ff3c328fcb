import { describe, expect, it } from '@jest/globals';
import { checkSyncOptions, syncOption } from '../../src/domain/sync-options.js';

describe('sync options', () => {
  it.each<[string, readonly string[], readonly string[], RegExp | undefined]>([
    ['are kept in one spelling', ['force=TRUE', ' prunelast '], ['Force=true', 'PruneLast=true'], undefined],
    ['are heard once, the last word counts', ['Replace=true', 'Replace=false'], ['Replace=false'], undefined],
    ['CreateNamespace', ['CreateNamespace=true'], ['CreateNamespace=true'], undefined],
    ['Prune', ['Prune=false'], ['Prune=false'], undefined],
    ['orphan', ['PrunePropagationPolicy=orphan'], ['PrunePropagationPolicy=orphan'], undefined],
    [
      'SkipDryRunOnMissingResource',
      ['SkipDryRunOnMissingResource=true'],
      ['SkipDryRunOnMissingResource=true'],
      undefined,
    ],
    [
      'are accepted where they say what is done anyway',
      ['ApplyOutOfSyncOnly=true', 'ServerSideApply=true'],
      [],
      undefined,
    ],
    [
      'FailOnSharedResource is always on',
      ['FailOnSharedResource=true', 'RespectIgnoreDifferences=true'],
      [],
      undefined,
    ],
    [
      'warn of Validate=false',
      ['Validate=false'],
      [],
      /^sync option Validate=false has no effect: the server validates/,
    ],
    ['warn of ServerSideApply=false', ['ServerSideApply=false'], [], /always applied by the server/],
  ])('%s', (_title, list, options, warning) => {
    const checked = checkSyncOptions(list);
    expect(checked.options).toEqual(options);
    expect(checked.warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });

  it.each([
    ['PruneLsat=true', /'PruneLsat=true' is no sync option/, /did you mean PruneLast\?/],
    ['Everything=true', /is no sync option/, /known are CreateNamespace, Prune/],
    ['PrunePropagationPolicy=sideways', /is foreground or background or orphan, not 'sideways'/, /=foreground/],
    ['Force=maybe', /Force is true or false, not 'maybe'/, /"Force=true"/],
  ])('refuse %s', (option, message, hint) => {
    expect(() => checkSyncOptions([option])).toThrow(
      expect.objectContaining({
        code: 'InvalidConfig',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('are looked up by name', () => {
    expect(syncOption(['Prune=true', 'PruneLast=false'], 'PruneLast')).toBe('false');
    expect(syncOption(['PruneLast=false'], 'Prune')).toBeUndefined();
  });
});
