import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { arrows } from './test/lint/arrows.js';

const PROCESS = 'only src/entries touches the process and the console';

export default defineConfig(
  { ignores: ['build/', 'dist/', 'coverage/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'deploy/**/*.ts', '*.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // A file that is longer holds several subjects, each of which can have a file of its own.
    files: ['src/**/*.ts', 'deploy/**/*.ts', 'test/**/*.ts'],
    rules: { 'max-lines': ['error', 250] },
  },
  {
    files: ['src/**/*.ts', 'deploy/**/*.ts'],
    plugins: { arrows },
    rules: { 'arrows/rooms': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/entries/cct.ts', 'src/entries/lambda.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        { checkGlobalObject: true, globals: ['process', 'console'].map((name) => ({ name, message: PROCESS })) },
      ],
    },
  },
  {
    // An interval on the wall clock is wrong when that is set.
    files: ['src/**/*.ts'],
    ignores: ['src/tracker/clock.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'use a monotonic clock for intervals, and the now of the caller for what is stored',
        },
      ],
    },
  },
);
