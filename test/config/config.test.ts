import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/config.js';

const home = mkdtempSync(join(tmpdir(), 'sloth-config-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const file = (text: string): void => writeFileSync(join(home, 'config.yaml'), text);
const load = (flags = {}, env = {}) => loadConfig({ flags: { home, ...flags }, env });

describe('configuration', () => {
  it('works without a file', () => {
    rmSync(join(home, 'config.yaml'), { force: true });
    expect(load()).toMatchObject({
      home,
      mode: 'development',
      allowedFolders: [],
      repositoryUrls: { baseUrl: 'https://github.com' },
    });
  });

  it('a flag beats the environment, the environment beats the file', () => {
    file('temporal: { address: "file:1", namespace: file }\n');
    expect(load().temporal).toEqual({ address: 'file:1', namespace: 'file' });
    expect(load({}, { TEMPORAL_ADDRESS: 'env:1' }).temporal.address).toBe('env:1');
    expect(load({ address: 'flag:1' }, { TEMPORAL_ADDRESS: 'env:1' }).temporal.address).toBe('flag:1');
  });

  it('names clusters with their contexts', () => {
    file('clusters:\n  staging: { kubeconfig: /k, context: stage, allow_exec: true }\n');
    expect(load().driftIntervalMs).toBe(180_000);
    expect(load().clusters).toEqual({ staging: { kubeconfigPath: '/k', context: 'stage', allowExec: true } });
  });

  it('names a bucket for artifacts', () => {
    file('artifacts: { s3: { bucket: sloth, prefix: a/b, region: eu-central-1 } }\n');
    expect(load().artifacts).toEqual({
      s3: { bucket: 'sloth', prefix: 'a/b/', region: 'eu-central-1', pathStyle: false },
    });
    file(
      'artifacts: { s3: { bucket: sloth, endpoint: "https://s3.test", access_key: "env:A", secret_key: "file:/b" } }\n',
    );
    expect(load().artifacts?.s3).toMatchObject({
      prefix: '',
      pathStyle: true,
      accessKey: 'env:A',
      secretKey: 'file:/b',
    });
  });

  it.each([
    [
      'a key that is written out',
      'artifacts:\n  s3:\n    bucket: sloth\n    access_key: AKIA\n    secret_key: "env:B"\n',
      /config\.yaml:4: artifacts\.s3\.access_key: write a reference/,
    ],
    ['half of the keys', 'artifacts: { s3: { bucket: sloth, access_key: "env:A" } }\n', /go together/],
    ['a plain endpoint', 'artifacts: { s3: { bucket: sloth, endpoint: "http://s3.test" } }\n', /plain http/],
    ['a prefix that leaves', 'artifacts: { s3: { bucket: sloth, prefix: "a//b" } }\n', /artifacts\.s3\.prefix: /],
    ['an unknown field of s3', 'artifacts: { s3: { bucket: sloth, bukcet: x } }\n', /config\.yaml:1: 'artifacts.s3.bukcet' is no/],
    [
      'a typo, with the nearest setting',
      'mode: development\nurl_rewrite: {}\n',
      /config\.yaml:2: 'url_rewrite' is no setting/,
    ],
    ['a wrong type', 'allow_http: maybe\n', /config\.yaml:1: allow_http: .*boolean/],
    ['no interval', 'drift_interval: often\n', /config\.yaml:1: drift_interval: write "3m"/],
    ['a wrong word', '\nmode: fast\n', /config\.yaml:2: mode: /],
    [
      'an unknown field of a cluster',
      'clusters:\n  a:\n    kubecofnig: x\n',
      /config\.yaml:3: 'clusters.a.kubecofnig' is no setting/,
    ],
    ['broken YAML', 'mode: development\nsecrets: {a: b\n', /config\.yaml:\d+: /],
  ])('refuses %s', (_title, text, message) => {
    file(text);
    expect(() => load()).toThrow(
      expect.objectContaining({ code: 'InvalidConfig', message: expect.stringMatching(message) }),
    );
  });
});
