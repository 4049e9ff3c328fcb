import { describe, expect, it } from '@jest/globals';
import { resolveAliases } from '../../src/cli/aliases.js';

describe('words at the top of the command line', () => {
  it.each([
    ['sync shop', 'app sync shop'],
    ['diff shop -o json', 'app diff shop -o json'],
    ['get shop', 'app get shop'],
    ['status shop', 'app get shop'],
    ['list', 'app list'],
    ['history shop', 'app history shop'],
    ['rollback shop', 'app rollback shop'],
    ['suspend shop', 'app suspend shop'],
    ['resume shop', 'app resume shop'],
    ['wait shop', 'app wait shop'],
    ['reconcile shop', 'app sync shop'],
    ['gitops list', 'app list'],
    ['stack list', 'app list'],
    ['wf list', 'workflow list'],
    ['--home /h --debug sync shop', '--home /h --debug app sync shop'],
    ['--home=/h sync', '--home=/h app sync'],
    ['--context sync list', '--context sync app list'],
    ['app sync sync', 'app sync sync'],
    ['run -f sync', 'run -f sync'],
    ['--help', '--help'],
    ['', ''],
    ['constructor', 'constructor'],
    ['toString', 'toString'],
  ])('%p is %p', (typed, meant) =>
    expect(resolveAliases(typed.split(' ').filter(Boolean))).toEqual(meant.split(' ').filter(Boolean)),
  );
});
