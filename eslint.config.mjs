/** What `npm run lint` holds: sound types, the restricted subset of the firmware, and the walls between the folders. */
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import walls from './tools/lint/walls.mjs';

const TYPESCRIPT = ['**/*.ts'];

const NO_ENTRIES = 'It allocates for each entry. Use a fixed-size table of typed arrays.';

/** What the device lacks or pays too much for, each with what to write instead. */
const NOT_IN_FIRMWARE = [
  { name: 'console', message: 'Report through the log port of firmware/platform.ts.' },
  { name: 'setTimeout', message: 'The platform calls the node; use the clock port of firmware/platform.ts.' },
  { name: 'setInterval', message: 'The platform calls the node; use the clock port of firmware/platform.ts.' },
  { name: 'Date', message: 'Use the clock port of firmware/platform.ts.' },
  { name: 'Map', message: NO_ENTRIES },
  { name: 'Set', message: NO_ENTRIES },
];

export default defineConfig(
  { ignores: ['build/', 'coverage/', 'test/fixtures/'] },
  {
    // A rule that does not fit is changed here, for everyone and with its reason, never silenced in a file.
    linterOptions: { noInlineConfig: true, reportUnusedInlineConfigs: 'error' },
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { Buffer: 'readonly', URL: 'readonly' } },
  },
  {
    files: TYPESCRIPT,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 70 }],
      // Loops over tables run by index: an iterator is an allocation, and most such loops walk several arrays at once.
      '@typescript-eslint/prefer-for-of': 'off',
      // A number in a template is as good as a word; anything else still has to be turned into text on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => port.close()` and `return fail(...)` are the shortest way to say it.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `for (;;)` and `while (true)` with a way out are how a bounded search over a table ends in the middle.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { lvs: { rules: { walls } } },
    rules: { 'lvs/walls': 'error' },
  },
  {
    files: ['firmware/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...NOT_IN_FIRMWARE],
      '@typescript-eslint/no-restricted-types': ['error', { types: { Map: NO_ENTRIES, Set: NO_ENTRIES } }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use the random port of firmware/platform.ts.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ImportExpression', message: 'The bundle is one module. Import at the top of the file.' },
      ],
    },
  },
  {
    // The adapters are the one place that may touch what a platform offers.
    files: ['firmware/device/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...NOT_IN_FIRMWARE.filter(({ name }) => name !== 'Date')] },
  },
  {
    files: ['test/**/*.ts'],
    // The callback of a `describe` holds its tests, and is as long as they are many.
    rules: { 'max-lines-per-function': 'off' },
  },
);
