import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { INSTALLED, NODE_24 } from './places.ts';

/** The files with tests that start the program as a process. */
const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts') && /\bspawnCct\(|\bopenExampleRoom\(/.test(readFileSync(file, 'utf8')));

const onNode = 'bin/cct.js';
const installed = join(INSTALLED, 'node_modules/cct/bin/cct.js');
/** The forms of the program, by the names of `--project`. */
const commands = {
  node20: `${process.execPath} ${onNode}`,
  node24: `${NODE_24} ${onNode}`,
  executable: process.platform === 'win32' ? 'dist/bin/cct.exe' : 'dist/bin/cct',
  installed: `${process.execPath} ${installed}`,
  installed24: `${NODE_24} ${installed}`,
};

/** The tests of the command line, for each form in which the program is distributed. Needs `npm run package`. */
export default defineConfig({
  test: {
    maxWorkers: 3,
    reporters: ['default', ['json', { outputFile: 'coverage/acceptance.json' }]],
    projects: Object.entries(commands).map(([name, command]) => ({
      test: {
        name,
        include: [...files, 'test/acceptance/*.test.ts'],
        env: { CCT_TEST_COMMAND: command },
        globalSetup: ['test/acceptance/install.ts'],
        testTimeout: 20_000,
        hookTimeout: 20_000,
      },
    })),
  },
});
