import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findTool, toolsCache } from '../../src/local/tools-cache.js';

const dir = mkdtempSync(join(tmpdir(), 'sloth-tools-'));
const cache = join(dir, 'cache');
const onPath = join(dir, 'path');
const assets = join(dir, 'assets');
const env = { SLOTH_TOOLS: cache, PATH: onPath, KUBEBUILDER_ASSETS: assets };

function put(folder: string, ...tools: string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const tool of tools) writeFileSync(join(folder, tool), '', { mode: 0o755 });
}

beforeEach(() => rmSync(dir, { recursive: true, force: true }));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('finding a tool', () => {
  it('prefers a command on PATH to the cache', () => {
    put(join(cache, 'bin'), 'kubectl');
    expect(findTool('kubectl', env)).toBe(join(cache, 'bin', 'kubectl'));
    put(onPath, 'kubectl');
    expect(findTool('kubectl', env)).toBe(join(onPath, 'kubectl'));
  });

  it('never takes a control plane part from PATH', () => {
    put(onPath, 'etcd');
    expect(() => findTool('etcd', env)).toThrow('etcd was found neither in KUBEBUILDER_ASSETS nor in');
  });

  it('takes the kube-* parts from KUBEBUILDER_ASSETS only when all three are there', () => {
    put(join(cache, 'bin'), 'etcd', 'kube-apiserver');
    put(assets, 'etcd', 'kube-apiserver');
    expect(findTool('etcd', env)).toBe(join(assets, 'etcd'));
    expect(findTool('kube-apiserver', env)).toBe(join(cache, 'bin', 'kube-apiserver'));
    put(assets, 'kube-controller-manager', 'kube-scheduler');
    expect(findTool('kube-apiserver', env)).toBe(join(assets, 'kube-apiserver'));
  });

  it('says which command installs a missing tool', () => {
    expect(() => findTool('helm', env)).toThrow(
      expect.objectContaining({ code: 'ToolMissing', hint: expect.stringMatching(/tools\/install\.sh kubectl$/) }),
    );
  });

  it('keeps tools under SLOTH_TOOLS, else under the cache folder of the user', () => {
    expect(toolsCache({ SLOTH_TOOLS: '/t' })).toBe('/t');
    expect(toolsCache({ XDG_CACHE_HOME: '/c' })).toBe('/c/sloth-runner/tools');
    expect(toolsCache({ HOME: '/h' })).toMatch(/\.cache\/sloth-runner\/tools$/);
  });
});
