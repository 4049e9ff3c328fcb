import { describe, expect, it } from '@jest/globals';
import { CheckScripts } from '../../../src/domain/health/check-scripts.js';

const folders = [
  'Pod',
  'apps/Deployment',
  '_.crossplane.io/_',
  'pkg.crossplane.io/Provider',
  '_.aws.crossplane.io/_',
  'example.org/_Set',
];
const scripts = new CheckScripts(folders.map((folder) => ({ folder, path: `${folder}/health.lua`, source: '' })));

describe('the script that judges', () => {
  it.each([
    ['a kind of the core group', 'v1', 'Pod', 'Pod'],
    ['a kind of a group, whatever its version', 'apps/v1beta1', 'Deployment', 'apps/Deployment'],
    ['a kind that only a wildcard knows', 'ec2.crossplane.io/v1', 'VPC', '_.crossplane.io/_'],
    ['a kind that has a folder of its own as well', 'pkg.crossplane.io/v1', 'Provider', 'pkg.crossplane.io/Provider'],
    ['a kind that two wildcards know: the more specific', 'ec2.aws.crossplane.io/v1', 'VPC', '_.aws.crossplane.io/_'],
    ['a kind whose name ends like it', 'example.org/v1', 'CloneSet', 'example.org/_Set'],
    ['nothing: a dot is a dot', 'xcrossplaneXio/v1', 'VPC', undefined],
    ['nothing: the group is another', 'extensions/v1beta1', 'Deployment', undefined],
    ['nothing: a core kind of a group', 'metrics.k8s.io/v1', 'Pod', undefined],
    ['nothing: a group without the part the wildcard stands before', 'crossplane.io/v1', 'X', undefined],
  ] as const)('%s', (_title, apiVersion, kind, folder) =>
    expect(scripts.find({ apiVersion, kind })?.folder).toBe(folder),
  );
});
