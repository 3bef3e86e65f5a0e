import { readFileSync } from 'node:fs';
import { writeReport } from '../helpers/report.ts';
import type { Summary } from './summary.ts';
import { toCoverageReport } from './summary.ts';

// Run after the tests, when all of them passed and the limits were held: a run that failed leaves the report as it was.
const summary = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')) as Summary;
writeReport('coverage', toCoverageReport(summary, process.cwd()), new Date());
