import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withoutField } from '../../../src/domain/diff/field-path.js';

const deployment = {
  metadata: { labels: { 'app.kubernetes.io/name': 'web', app: 'web' }, finalizers: ['a', 'b'] },
  spec: {
    replicas: 3,
    containers: [
      { name: 'app', image: 'a:1', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
      { name: 'odd"],[x', image: 'b:1' },
    ],
    list: [1, 2, 3],
  },
};

describe('a field that is left to its owner', () => {
  it.each([
    ['.spec.replicas', ['spec', 'replicas'], undefined],
    ['.metadata.labels.app.kubernetes.io/name', ['metadata', 'labels'], { app: 'web' }],
    ['.metadata.labels.app', ['metadata', 'labels'], { 'app.kubernetes.io/name': 'web' }],
    ['.metadata.finalizers[="a"]', ['metadata', 'finalizers'], ['b']],
    ['.spec.list[1]', ['spec', 'list'], [1, 3]],
    ['.spec.containers[name="app"].image', ['spec', 'containers', 0, 'image'], undefined],
    ['.spec.containers[name="odd\\"],[x"].image', ['spec', 'containers', 1], { name: 'odd"],[x' }],
    [
      '.spec.containers[name="app"].ports[containerPort=80,protocol="UDP"]',
      ['spec', 'containers', 0, 'ports'],
      [{ containerPort: 80 }],
    ],
    [
      'whose key the server filled in: .spec.containers[name="app"].ports[containerPort=80,protocol="TCP"]',
      ['spec', 'containers', 0, 'ports'],
      [{ containerPort: 80, protocol: 'UDP' }],
    ],
  ])('%s', (title, place, left) => {
    const result = withoutField(deployment, title.slice(title.indexOf('.')));
    expect(place.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], result)).toEqual(left);
  });

  it.each([
    '.spec.paused',
    '.spec.replicas.deep',
    '.spec.containers[name="none"].image',
    '.spec.containers[9]',
    '.spec.list[name="a"]',
    '.spec[0]',
    '.spec.containers[name="app"',
    'spec.replicas',
    '',
  ])('that is not there changes nothing: %j', (path) => expect(withoutField(deployment, path)).toEqual(deployment));

  it('is taken out of a copy', () => {
    const before = JSON.stringify(deployment);
    withoutField(deployment, '.spec.containers[name="app"].image');
    expect(JSON.stringify(deployment)).toBe(before);
  });

  it('is the only one that goes', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), key, fc.jsonValue(), (others, name, value) => {
        const { [name]: _taken, ...rest } = others;
        expect(withoutField({ ...rest, [name]: value }, `.${name}`)).toEqual(rest);
      }),
    );
  });
});
