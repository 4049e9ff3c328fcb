/**
 * Which action is meant, with which parameters, and from which folder it comes.
 */
import { describe, expect, it } from '@jest/globals';
import type { ResourceAction } from '../../../src/domain/actions/action.js';
import { actionParams, chooseAction } from '../../../src/domain/actions/choice.js';
import { FolderedActions, mergedActions, type FolderActions } from '../../../src/domain/actions/folder-actions.js';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const action = (name: string, more: Partial<ResourceAction> = {}): ResourceAction => ({
  name,
  disabled: false,
  params: [],
  ...more,
});

describe('the action that somebody names', () => {
  const actions = [action('restart'), action('resume', { disabled: true, reason: 'it is not paused' })];

  it('is the one of that name', () => expect(chooseAction(actions, 'restart', web)).toEqual(actions[0]));

  it.each([
    ['restrat', { code: 'UnknownAction', hint: "did you mean 'restart'?" }],
    ['fly', { message: "Deployment shop/web has no action 'fly'; its actions: restart, resume" }],
    ['resume', { code: 'ActionDisabled', message: 'resume is disabled for Deployment shop/web: it is not paused' }],
  ])('%s is refused, saying why', (name, error) =>
    expect(() => chooseAction(actions, name, web)).toThrow(expect.objectContaining(error)),
  );
});

describe('parameters', () => {
  const scale = action('scale', { params: [{ name: 'replicas' }, { name: 'pause', default: '1s' }] });

  it.each([
    [{ replicas: '3' }, { replicas: '3', pause: '1s' }],
    [
      { replicas: '', pause: '2s' },
      { replicas: '', pause: '2s' },
    ],
  ])('of %j become %j', (given, params) => expect(actionParams(scale, given)).toEqual(params));

  it.each([
    [{}, /^scale needs the parameter replicas$/],
    [{ replicas: '3', paus: '2s' }, /^scale has no parameter 'paus'; it takes replicas, pause$/],
  ])('%j are refused', (given, message) => expect(() => actionParams(scale, given)).toThrow(message));
});

describe('scripts of several folders', () => {
  const script = (path: string) => ({ folder: '', path, source: '' });
  const folder = (name: string, where: string, ...actions: string[]): FolderActions => ({
    folder: where,
    discovery: script(`${name}/${where}/discovery`),
    actions: new Map(actions.map((a) => [a, script(`${name}/${where}/${a}`)])),
  });
  const scripts = new FolderedActions([
    [folder('theirs', 'apps/Deployment', 'restart', 'hello'), folder('theirs', '_', 'any')],
    [folder('ours', 'apps/Deployment', 'restart', 'scale')],
  ]);

  it('are all asked, the first ones first', () =>
    expect(scripts.discoveries(web).map(({ path }) => path)).toEqual([
      'theirs/apps/Deployment/discovery',
      'ours/apps/Deployment/discovery',
    ]));

  it.each([
    ['restart', 'theirs/apps/Deployment/restart'],
    ['scale', 'ours/apps/Deployment/scale'],
    ['any', undefined],
  ])('%s comes from %s', (name, path) => expect(scripts.action(web, name)?.path).toBe(path));

  it('a wildcard holds where no exact folder does', () =>
    expect(scripts.action({ apiVersion: 'example.org/v1', kind: 'Widget' }, 'any')?.path).toBe('theirs/_/any'));

  it('what the first says of an action counts, what only the others know is added', () =>
    expect(mergedActions([[action('b', { disabled: true })], [action('b'), action('a')]])).toEqual([
      action('a'),
      action('b', { disabled: true }),
    ]));
});
