import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readReport } from '../../deploy/audit/report.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { like, openTempDir } from '../helpers/run-cct.ts';

const ADVISORY = {
  id: 1,
  url: 'https://advisories.example/1',
  title: 'Made up',
  severity: 'high',
  vulnerable_versions: '<99',
  cwe: [],
  cvss: { score: 8, vectorString: null },
};

/** A registry that answers audits with this status and body, and has one version of each package. */
async function startRegistry(status: number, body: unknown): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const name = decodeURIComponent(request.url?.slice(1) ?? '');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name, version: '1.0.0' } } }));
  });
  const listening = await listenOnLoopback(server);
  onTestFinished(() => listening.close());
  return `http://127.0.0.1:${listening.port}/`;
}

async function runAudit(registry: string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn('npm', ['run', '--silent', 'audit'], {
    env: { PATH: process.env['PATH'], HOME: openTempDir(), npm_config_registry: registry, npm_config_fetch_retries: '0', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout };
}

describe('npm run audit', { timeout: 240_000 }, () => {
  test('passes without advisories', async () => {
    const line = '0 packages with advisories of high or above, 0 with any\n';
    expect(await runAudit(await startRegistry(200, {}))).toEqual({ status: 0, stdout: line });
  });

  test('fails with a grave advisory, and names the package', async () => {
    const { status, stdout } = await runAudit(await startRegistry(200, { hono: [ADVISORY] }));
    expect([status, stdout]).toEqual([1, like(/^hono \S+: high\n/m)]);
  });

  test('passes with lesser ones, and counts them', async () => {
    const { status, stdout } = await runAudit(await startRegistry(200, { hono: [{ ...ADVISORY, severity: 'moderate' }] }));
    expect([status, stdout]).toEqual([0, like(/^0 packages with advisories of high or above, [1-9]\d* with any\n/)]);
  });

  test('reports a registry without audits, and passes only where it need not answer', async () => {
    const registry = await startRegistry(405, {});
    const { status, stdout } = await runAudit(registry);
    expect([status, stdout]).toEqual([0, expect.stringContaining('not answered here: the registry has no audits (405 ')]);
    expect(await runAudit(registry, { CCT_NEEDS_AUDIT: '1' })).toEqual({ status: 1, stdout });
  });

  test('fails with a broken registry', async () => {
    const { status, stdout } = await runAudit(await startRegistry(500, {}));
    expect([status, stdout]).toEqual([1, expect.stringContaining('the audit failed: 500 ')]);
  });
});

test.each(['', 'x', '{}', '{"metadata":{}}'])('unknown output of npm is a failure: %j', (stdout) => {
  expect(readReport(stdout).kind).toBe('failed');
});
