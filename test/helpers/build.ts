import { execFileSync } from 'node:child_process';

/** Builds `dist` once before the suite, so that tests which start `bin/cct.js` run the code as it is. */
export default function build(): void {
  execFileSync(process.execPath, ['build.mjs'], { stdio: 'inherit' });
}
