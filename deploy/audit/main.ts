import { spawnSync } from 'node:child_process';
import { readReport } from './report.ts';

/** Set where the registry must answer: one without audits is a failure then. */
const mustBeAnswered = (process.env['CCT_NEEDS_AUDIT'] ?? '') !== '';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Whether the lock file passes. */
function audit(): boolean {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const report = readReport(stdout);
  if (report.kind === 'failed') say(`the audit failed: ${report.why}`);
  if (report.kind === 'unanswered') say(`not answered here: the registry has no audits (${report.why})`);
  if (report.kind !== 'answered') return report.kind === 'unanswered' && !mustBeAnswered;
  for (const line of report.grave) say(line);
  say(`${report.grave.length} packages with advisories of high or above, ${report.total} with any`);
  return report.grave.length === 0;
}

process.exitCode = audit() ? 0 : 1;
