import { execFileSync } from 'node:child_process';

/** Builds `dist/` once before the suite, so that tests which start `bin/cct.js` never run yesterday's code. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
}
