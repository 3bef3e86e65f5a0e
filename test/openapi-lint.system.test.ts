import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { toOpenApi } from '../src/relay/docs/openapi.ts';
import { openTempDir } from './helpers/run-cct.ts';

const REDOCLY = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

/** What Redocly says of a document, warnings as errors. It sends nothing: no telemetry, no look for updates. */
async function lint(document: object): Promise<{ readonly status: number | null; readonly said: string }> {
  const cwd = openTempDir();
  writeFileSync(join(cwd, 'openapi.json'), JSON.stringify(document));
  const child = spawn(process.execPath, [REDOCLY, 'lint', '--extends=recommended-strict', '--format=stylish', 'openapi.json'], {
    cwd,
    env: { HOME: cwd, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, said: out + err };
}

describe('the linter of Redocly', () => {
  test.each([
    { hasToken: true, hasMetrics: true },
    { hasToken: true, hasMetrics: false },
    { hasToken: false, hasMetrics: true },
    { hasToken: false, hasMetrics: false },
  ])('finds nothing wrong with the document of a relay: %j', async (options) => {
    const { status, said } = await lint(toOpenApi({ version: '1.2.3', ...options }));
    expect([status, said]).toEqual([0, expect.stringContaining('openapi.json: validated')]);
  });

  test('fails where an answer is never used', async () => {
    const document = toOpenApi({ version: '1.2.3', hasToken: true, hasMetrics: true });
    const { status, said } = await lint({ ...document, paths: {} });
    expect([status, said]).toEqual([1, expect.stringContaining('no-unused-components')]);
  });
});
