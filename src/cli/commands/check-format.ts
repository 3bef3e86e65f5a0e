import { CctError } from '../../core/errors.ts';
import type { Mode } from '../../core/ledger.ts';
import type { FormatName } from '../output/formats.ts';
import type { Session } from '../session.ts';

// Other programs read the rest, and a defanged value would match nothing.
const DEFANGED: readonly FormatName[] = ['table', 'csv'];

/** Throws `usage` where other flags, or the command, contradict the format. */
export function checkFormat({ config, givenBy }: Pick<Session, 'config' | 'givenBy'>, mode: Mode): void {
  const { format, join } = config;
  if (join) return;
  if (givenBy.defang === '--defang' && !DEFANGED.includes(format)) {
    throw new CctError('usage', `--defang is for ${DEFANGED.join(' and ')}: choose one with --format, or leave --defang out`);
  }
  if (givenBy.bundleSize === '--bundle-size' && format !== 'ctim-bundle') {
    throw new CctError('usage', '--bundle-size is for --format ctim-bundle');
  }
  if (format === 'ctim-bundle' && mode === 'deliberate') {
    throw new CctError('usage', 'ctim-bundle needs Judgements, which deliberate does not make: use cct observe');
  }
}
