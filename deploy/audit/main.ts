import { spawnSync } from 'node:child_process';
import { readReport } from './report.ts';

const FOLDERS = ['.', 'deploy/package'];
/** Where an audit must be answered, this is set: then a registry that has none is a failure too. */
const mustBeAnswered = (process.env['CCT_NEEDS_AUDIT'] ?? '') !== '';

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Whether the lock file of a folder passes. */
function audit(folder: string): boolean {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const report = readReport(stdout);
  if (report.kind === 'failed') say(`${folder}: the audit failed: ${report.why}`);
  if (report.kind === 'failed') return false;
  if (report.kind === 'unanswered') {
    say(`${folder}: not answered here: the registry has no audits (${report.why})`);
    return !mustBeAnswered;
  }
  for (const line of report.grave) say(`${folder}: ${line}`);
  say(`${folder}: ${report.grave.length} packages with advisories of high or above, ${report.total} with any`);
  return report.grave.length === 0;
}

process.exitCode = FOLDERS.map(audit).includes(false) ? 1 : 0;
