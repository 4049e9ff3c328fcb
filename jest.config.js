/**
 * Four kinds of test: `unit` (pure and fast), `workflow` (Temporal), `integration` (real servers, public door first),
 * `replay` (stored histories against today's workflows).
 */
const transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
};

/** What the workflow bundle sets for Fengari, see src/lua/fengari.ts. */
process.env.FENGARICONF = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true, LUAI_MAXSTACK: 200_000 });

const project = (name, testMatch) => ({
  displayName: name,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform,
  testMatch,
});

export default {
  projects: [
    project('unit', ['<rootDir>/test/{domain,schema,lua,config,cli,client,adapters,activities,worker}/**/*.test.ts']),
    project('workflow', ['<rootDir>/test/workflows/**/*.test.ts']),
    {
      ...project('integration', [
        '<rootDir>/test/{integration,local,faults}/**/*.test.ts',
        '<rootDir>/test/replay/histories.test.ts',
      ]),
      globalSetup: '<rootDir>/test/support/global-setup.mjs',
      globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
    },
    project('replay', ['<rootDir>/test/replay/replay.test.ts']),
  ],
  testTimeout: 120_000,
};
