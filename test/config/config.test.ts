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

  it.each([
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
