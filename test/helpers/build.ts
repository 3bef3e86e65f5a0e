import { execFileSync } from 'node:child_process';

/** Builds `dist` once before the suite, for the tests that start `bin/cct.js`. */
export default function build(): void {
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
}
