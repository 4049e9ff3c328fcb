/**
 * Types-aware rules, and the layers of docs/architecture.md: arrows point one way.
 */
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const nodeBuiltins = {
  group: ['node:*', 'fs', 'path', 'crypto', 'os', 'child_process'],
  message: 'no Node built-ins in this layer',
};
const zod = { group: ['zod'], message: 'zod does not reach workflows: check at the edges, or generate a checker' };
const above = (...layers) =>
  layers.map((layer) => ({
    group: [`**/${layer}/**`],
    allowTypeImports: true,
    message: `this layer does not know ${layer}`,
  }));

const layer = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/lua/generated/', 'src/workflows/frozen/', 'coverage/'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensionAlias: { '.js': ['.ts', '.js'] } })],
      'import-x/extensions': ['.ts', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/await-thenable': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/triple-slash-reference': 'off',
    },
  },
  layer(
    ['src/domain/**'],
    [
      nodeBuiltins,
      zod,
      ...above('adapters', 'activities', 'workflows', 'client', 'cli', 'worker', 'lua', 'config', 'local'),
    ],
  ),
  layer(
    ['src/lua/**'],
    [nodeBuiltins, zod, ...above('adapters', 'activities', 'workflows', 'client', 'cli', 'worker', 'config', 'local')],
  ),
  layer(
    ['src/workflows/**'],
    [
      nodeBuiltins,
      zod,
      { group: ['**/activities/**'], allowTypeImports: true, message: 'workflows know activities by type only' },
      ...above('adapters', 'client', 'cli', 'worker', 'config', 'local'),
    ],
  ),
  layer(['src/adapters/**'], above('activities', 'workflows', 'client', 'cli', 'worker', 'lua')),
  layer(['src/activities/**'], above('cli', 'worker', 'lua')),
  layer(['src/client/**'], above('cli', 'worker', 'http')),
  layer(['src/http/**'], above('cli', 'worker', 'workflows', 'activities', 'adapters', 'lua', 'local', 'config')),
  {
    files: ['test/**'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' },
  },
);
