import { describe, expect, it } from '@jest/globals';
import { applicationSpec, credentialsOf } from '../../src/client/application-spec.js';
import { applicationIdOf } from '../../src/client/application-id.js';
import { furtherRepositories, withMainSource } from '../../src/client/sources.js';
import type { WorkflowConfig } from '../../src/schema/workflow-config.js';

const now = '2026-01-02T03:04:05.000Z';
const repository = { url: 'https://github.com/company/infra' };
const spec = (config: WorkflowConfig = {}, more: object = {}) =>
  applicationSpec(config, { ...repository, ...more }, now);
type Credentials = NonNullable<WorkflowConfig['credentials']>;

describe('what a declaration leaves out', () => {
  it('is filled in', () =>
    expect(spec()).toEqual({
      id: expect.stringMatching(/^workflow-\d{15}$/),
      name: spec().id,
      project: 'default',
      source: {
        repositoryId: expect.stringMatching(/^repo-\d{15}$/),
        url: 'https://github.com/company/infra',
        branch: 'main',
        path: '.',
      },
      destination: { cluster: 'default' },
      autoSync: false,
      diffPreview: false,
      rollbackOnFailure: false,
      validationRequired: false,
      syncIntervalMs: 300_000,
      conflictResolution: 'fail',
      failureMode: 'fail',
      prune: false,
      createNamespace: false,
      retry: { limit: 3, strategy: 'exponential', initialMs: 10_000, factor: 2, maximumMs: 180_000 },
      health: { enabled: true, timeoutMs: 300_000, degradedGraceMs: 5000 },
      preSyncHooks: [],
      postSyncHooks: [],
      metadata: {},
      createdAt: now,
    }));
});

describe('what a declaration says', () => {
  it.each<[string, WorkflowConfig, object]>([
    ['prune', { sync_policy: { auto_prune: true } }, { prune: true }],
    ['the branch', { branch: 'v2' }, { source: { branch: 'v2' } }],
    ['path', { path: './apps//web/' }, { source: { path: 'apps/web' } }],
    ['a folder of policies', { policies: 'rules/' }, { policies: { folder: 'rules' } }],
    [
      'policies in the short form',
      { policies: [{ name: 'a', max_replicas: 3 }] },
      { policies: { inline: [{ name: 'a', max_replicas: 3 }] } },
    ],
    ['target_path', { target_path: 'apps/web' }, { source: { path: 'apps/web' } }],
    ['an empty path', { path: '' }, { source: { path: '.' } }],
    ['where it goes', { cluster: 'prod', namespace: 'shop' }, { destination: { cluster: 'prod', namespace: 'shop' } }],
    ['sync_interval as text', { sync_interval: '1h30m' }, { syncIntervalMs: 5_400_000 }],
    ['sync_interval in seconds', { sync_interval: 90 }, { syncIntervalMs: 90_000 }],
    ['sync_interval = "never"', { sync_interval: 'never' }, { syncIntervalMs: null }],
    ['an interval too short to be true', { sync_interval: 0 }, { syncIntervalMs: 1000 }],
    ['a health timeout', { sync_policy: { health_check: { timeout: '90s' } } }, { health: { timeoutMs: 90_000 } }],
    ['no health check', { sync_policy: { health_check: { enabled: false } } }, { health: { enabled: false } }],
    ['no retries', { sync_policy: { retry: { limit: 0 } } }, { retry: { limit: 0 } }],
    ['linear retries', { sync_policy: { retry: { backoff: 'linear' } } }, { retry: { strategy: 'linear' } }],
    [
      'retries in detail',
      { sync_policy: { retry: { backoff: { duration: '5s', factor: 3, max_duration: '1m' } } } },
      { retry: { strategy: 'exponential', initialMs: 5000, factor: 3, maximumMs: 60_000 } },
    ],
    ['the longest pause', { sync_policy: { retry: { max_duration: '30s' } } }, { retry: { maximumMs: 30_000 } }],
    [
      'CreateNamespace',
      { sync_policy: { sync_options: ['CreateNamespace=true', 'ServerSideApply=true'] } },
      { createNamespace: true },
    ],
    ['hooks', { sync_policy: { pre_sync_hooks: ['make'], post_sync_hooks: ['say'] } }, { preSyncHooks: ['make'] }],
    ['fields nobody knows', { metadata: { team: 'a' } }, { metadata: { team: 'a' } }],
  ])('%s', (_title, config, expected) => expect(spec(config)).toMatchObject(expected));

  it.each<[boolean | undefined, 'ignore' | 'fail' | 'rollback' | undefined, string]>([
    [undefined, undefined, 'fail'],
    [true, undefined, 'rollback'],
    [false, undefined, 'fail'],
    [true, 'fail', 'fail'],
    [true, 'ignore', 'ignore'],
    [false, 'rollback', 'rollback'],
  ])('rollback_on_failure %s and failure_mode %s: %s', (rollback_on_failure, failure_mode, mode) =>
    expect(spec({ rollback_on_failure, sync_policy: { health_check: { failure_mode } } }).failureMode).toBe(mode),
  );

  it.each(['/etc', '..', 'a/../../b'])('may not lead out of the repository: %s', (path) =>
    expect(() => spec({ path })).toThrow(expect.objectContaining({ code: 'InvalidConfig' })),
  );
  it.each([
    [['limits'], /policies\[0\]: a policy must be a table/],
    [[{ name: 'a', max_replcas: 1 }], /policies\[0\]\.max_replcas: unknown field/],
    [[{ max_replicas: 1 }], /policies\[0\]\.name: is missing/],
    [{ name: 'a' }, /neither a folder inside path nor a list/],
    ['.', /neither a folder inside path nor a list/],
    ['../rules', /leaves the repository/],
  ])('policies must be policies: %j', (policies, message) => expect(() => spec({ policies })).toThrow(message));
  it.each(['soon', '-5m', '5 parsecs'])('must be a duration: %s', (sync_interval) =>
    expect(() => spec({ sync_interval })).toThrow(/is not a duration/),
  );
});

describe('render', () => {
  it.each<[string, WorkflowConfig['render'], object]>([
    ['nothing at all', {}, {}],
    ['one glob', { include: '*.yaml', recurse: false }, { include: ['*.yaml'], recurse: false }],
    ['several', { exclude: ['a', 'b'] }, { exclude: ['a', 'b'] }],
    ['variables of any kind', { variables: { a: 1, b: true, c: 'x' } }, { variables: { a: '1', b: 'true', c: 'x' } }],
    ['a chart', { type: 'helm' }, { type: 'helm' }],
    [
      'values',
      { helm: { values_files: 'v.yaml', values: { a: 1 }, release_name: 'r', namespace: 'n' } },
      { helm: { valuesFiles: ['v.yaml'], values: { a: 1 }, releaseName: 'r', namespace: 'n' } },
    ],
    [
      'set, and parameters over it',
      { helm: { set: { a: 1, b: 2 }, parameters: { b: 3 } } },
      { helm: { parameters: { a: 1, b: 3 } } },
    ],
    ['include_crds', { helm: { include_crds: false } }, { helm: { skipCrds: true } }],
    ['skip_crds over include_crds', { helm: { include_crds: true, skip_crds: true } }, { helm: { skipCrds: true } }],
    [
      'what the cluster can do',
      { helm: { kube_version: '1.30', api_versions: ['a/v1'], skip_schema_validation: true, skip_tests: false } },
      { helm: { kubeVersion: '1.30', apiVersions: ['a/v1'], skipSchemaValidation: true, skipTests: false } },
    ],
  ])('%s', (_title, render, expected) => expect(spec({ ...(render && { render }) }).render).toEqual(expected));

  it.each<[string, object, RegExp]>([
    ['fields of another type', { type: 'kustomize', helm: {} }, /render\.helm has no meaning for type kustomize/],
    ['globs of a chart', { type: 'helm', include: ['a'] }, /render\.include has no meaning for type helm/],
    ['a variable that is a table', { variables: { a: {} } }, /render\.variables\.a must be text/],
    ['a variable with a name that is none', { variables: { 'a-b': 1 } }, /'a-b' cannot be the name/],
    ['a parameter that is a list', { helm: { parameters: { a: [1] } } }, /render\.helm\.parameters\.a must be text/],
  ])('refuses %s', (_title, render, message) =>
    expect(() => spec({ render })).toThrow(
      expect.objectContaining({ code: 'InvalidConfig', message: expect.stringMatching(message) }),
    ),
  );
});

describe('several sources', () => {
  const others = [
    { url: 'https://x/a', branch: 'trunk' },
    { url: 'https://x/b', id: 'repo-b' },
  ];
  const written = {
    repos: [
      { repo: 'a', path: './p/', render: { type: 'helm' as const } },
      { repo: 'b', branch: 'v2' },
    ],
  };

  it('follow the main one in their order', () =>
    expect(applicationSpec(written, repository, now, others).further).toEqual([
      {
        source: { repositoryId: expect.any(String), url: 'https://x/a', branch: 'trunk', path: 'p' },
        render: { type: 'helm' },
      },
      { source: { repositoryId: 'repo-b', url: 'https://x/b', branch: 'v2', path: '.' } },
    ]));

  it('do not change who the application is', () =>
    expect(applicationSpec(written, repository, now, others).id).toBe(spec().id));

  it('begin with the first of repos when no repo is named', () => {
    expect(withMainSource({ name: 'n', namespace: 'w', ...written })).toEqual({
      name: 'n',
      namespace: 'w',
      repo: 'a',
      path: './p/',
      render: { type: 'helm' },
      repos: [{ repo: 'b', branch: 'v2' }],
    });
    expect(withMainSource({ repo: 'm', ...written })).toEqual({ repo: 'm', ...written });
  });

  it('each name a repository', () =>
    expect(() => furtherRepositories({ repos: [{ repo: 'a' }, { path: 'x' }] })).toThrow('repos[2].repo is missing'));
});

describe('a registered repository', () => {
  const credentials = { type: 'token', token: 'env:T' } as const;
  it('brings its id, branch and credentials', () =>
    expect(spec({}, { id: 'repo-1', branch: 'trunk', credentials }).source).toEqual({
      repositoryId: 'repo-1',
      url: repository.url,
      branch: 'trunk',
      path: '.',
      credentials,
    }));
  it('gives way to what the declaration says', () =>
    expect(
      spec({ branch: 'v2', credentials: { type: 'token', token: 'env:X' } }, { branch: 'trunk', credentials }).source,
    ).toMatchObject({ branch: 'v2', credentials: { token: 'env:X' } }));
});

describe('credentials', () => {
  it.each<[Credentials, object]>([
    [
      { type: 'token', token: 'env:T' },
      { type: 'token', token: 'env:T' },
    ],
    [
      { type: 'token', token: 'env:T', username: 'bot' },
      { type: 'token', token: 'env:T', username: 'bot' },
    ],
    [
      { type: 'userpass', username: 'ann', password: 'secret:p' },
      { type: 'userpass', username: 'ann', password: 'secret:p' },
    ],
    [
      { type: 'ssh', ssh_key: 'secret:k' },
      { type: 'ssh', sshKey: 'secret:k' },
    ],
    [
      { type: 'ssh', ssh_key_path: '/k/id' },
      { type: 'ssh', sshKey: 'file:/k/id' },
    ],
    [
      { type: 'ssh', ssh_key_path: 'file:/k/id' },
      { type: 'ssh', sshKey: 'file:/k/id' },
    ],
  ])('%j', (config, reference) => expect(credentialsOf(config)).toEqual(reference));

  it.each<[Credentials, string]>([
    [{ type: 'token' }, 'token'],
    [{ type: 'userpass', username: 'a' }, 'password'],
    [{ type: 'userpass', password: 'env:P' }, 'username'],
    [{ type: 'ssh' }, 'ssh_key'],
  ])('%j lack %s', (config, field) =>
    expect(() => credentialsOf(config)).toThrow(
      expect.objectContaining({ code: 'InvalidConfig', message: expect.stringContaining(`need ${field}`) }),
    ),
  );
});

describe('the id of an application', () => {
  it('is found again by its name, its project and name, or itself', () => {
    const { id } = spec({ name: 'shop' });
    expect([applicationIdOf('shop'), applicationIdOf('default/shop'), applicationIdOf(id)]).toEqual([id, id, id]);
    expect(applicationIdOf('team/shop')).toBe(spec({ name: 'shop', project: 'team' }).id);
  });
  it('does not change with where a named one points, and does with where a nameless one points', () => {
    expect(spec({ name: 'shop', path: 'a', branch: 'b' }).id).toBe(spec({ name: 'shop' }).id);
    expect(spec({ path: 'a' }).id).not.toBe(spec().id);
    expect(spec({ path: './a/' }).id).toBe(spec({ target_path: 'a' }).id);
  });
});

describe('notifications', () => {
  const token = 'env:FORGE_TOKEN';
  const at = (url: string, notifications: NonNullable<WorkflowConfig['notifications']>) =>
    applicationSpec({ name: 'shop', notifications }, { url }, now).notifications;

  it.each<[string, string, string, string]>([
    ['https://github.com/acme/shop', 'github', 'https://api.github.com', 'acme/shop'],
    ['ssh://git@github.com/acme/shop', 'github', 'https://api.github.com', 'acme/shop'],
    ['https://gitlab.com/acme/group/shop', 'gitlab', 'https://gitlab.com/api/v4', 'acme/group/shop'],
    ['https://codeberg.org/acme/shop.git', 'gitea', 'https://codeberg.org/api/v1', 'acme/shop'],
  ])('the forge of %s is known', (url, kind, api, repository) =>
    expect(at(url, { commit_status: { token } })).toEqual({
      commitStatus: { kind, api, repository, token, context: 'sloth-runner/shop' },
      pullRequest: { kind, api, repository, token },
    }),
  );

  it.each<[string, 'github' | 'gitlab' | 'gitea' | 'forgejo', string]>([
    ['https://git.example.com:8443/acme/shop', 'github', 'https://git.example.com:8443/api/v3'],
    ['ssh://git@git.example.com:2222/acme/shop', 'gitlab', 'https://git.example.com/api/v4'],
    ['https://git.example.com/acme/shop', 'forgejo', 'https://git.example.com/api/v1'],
  ])('the API of %s as %s', (url, provider, api) =>
    expect(at(url, { pull_request: { provider, token } })?.pullRequest?.api).toBe(api),
  );

  it('messages keep their references, and nothing else of a secret', () =>
    expect(
      at('file:///r', {
        slack: { webhook_url: 'secret:slack', on: ['on-failed'], message: '{app} Deploy env:prod' },
        ntfy: [{ topic: 'a' }, { topic: 'b', token: 'env:NTFY' }],
      }),
    ).toEqual({
      messages: [
        {
          service: 'slack',
          on: ['on-failed'],
          message: '{app} Deploy env:prod',
          fields: { webhook_url: { $secret: ['', 'secret:slack', ''] } },
        },
        { service: 'ntfy', on: expect.arrayContaining(['on-failed', 'on-approval-needed']), fields: { topic: 'a' } },
        {
          service: 'ntfy',
          on: expect.not.arrayContaining(['on-succeeded']),
          fields: { topic: 'b', token: { $secret: ['', 'env:NTFY', ''] } },
        },
      ],
    }));

  const status = (fields: object) => ({ commit_status: { token, ...fields } });
  it.each<[string, object, string, RegExp]>([
    ['an unknown host', status({}), 'InvalidConfig', /what kind of forge git\.example is cannot be told/],
    [
      'an address that is none',
      status({ provider: 'github', api: 'git.example/api' }),
      'InvalidConfig',
      /api is not an http/,
    ],
    [
      'an address with a password',
      status({ provider: 'github', api: 'https://u:p@git.example' }),
      'InvalidConfig',
      /without user/,
    ],
    [
      'an address with a query',
      status({ provider: 'github', api: 'https://git.example?a=b' }),
      'InvalidConfig',
      /query/,
    ],
    [
      'a repository that is a path',
      status({ provider: 'github', repository: '../admin' }),
      'InvalidConfig',
      /is not owner\/name/,
    ],
    [
      'a group, where there are none',
      status({ provider: 'github', repository: 'a/b/c' }),
      'InvalidConfig',
      /is not owner\/name/,
    ],
    ['no context', status({ provider: 'github', context: ' ' }), 'InvalidConfig', /context has 1 to 100/],
    [
      'a long context',
      status({ provider: 'github', context: 'x'.repeat(101) }),
      'InvalidConfig',
      /context has 1 to 100/,
    ],
    [
      'a script as a link',
      status({ provider: 'github', target_url: 'javascript:alert(1)' }),
      'InvalidConfig',
      /target_url is an http/,
    ],
    [
      'a link to wherever the message says',
      status({ provider: 'github', target_url: 'https://{message}/' }),
      'InvalidConfig',
      /target_url is an http/,
    ],
    [
      'a placeholder of nothing',
      status({ provider: 'github', target_url: 'https://x/{syn}' }),
      'InvalidConfig',
      /nothing stands for \{syn\}/,
    ],
    [
      'a webhook written out',
      { slack: { webhook_url: 'https://hooks.example/T1/B2' } },
      'LiteralSecret',
      /slack\.webhook_url is written out/,
    ],
    [
      'a header written out',
      { webhook: { url: 'https://x', headers: { Authorization: 'Bearer abc' } } },
      'LiteralSecret',
      /header Authorization/,
    ],
    ['nobody to tell', { ntfy: { topic: 'a', on: [] } }, 'InvalidConfig', /ntfy\.on is empty/],
    [
      'the second of two',
      { ntfy: [{ topic: 'a' }, { topic: 'b', message: '{who}' }] },
      'InvalidConfig',
      /ntfy\[2\]\.message: nothing stands for \{who\}/,
    ],
    ['a timeout that is none', { ntfy: { topic: 'a', timeout: 'soon' } }, 'InvalidInput', /'soon' is not a duration/],
  ])('%s is refused', (_title, notifications, code, message) =>
    expect(() => at('https://git.example/acme/shop', notifications)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    ),
  );
});
