import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = 'build/duckdb';

/** A connection to DuckDB, as this suite uses it. */
export interface Engine {
  run(sql: string): Promise<unknown>;
  /** The first column of the rows, as texts. */
  column(sql: string): Promise<readonly string[]>;
}

interface Reader {
  getRows(): readonly (readonly unknown[])[];
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<Reader>;
}
interface Package {
  readonly DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection> }> };
}

/** Installs DuckDB in `build/duckdb`, in the version of the lock file beside this, unless it is there, and opens it in memory. Throws where npm fails. */
export async function openEngine(): Promise<Engine> {
  install();
  const module = pathToFileURL(resolve(FOLDER, 'node_modules/@duckdb/node-api/lib/index.js')).href;
  const { DuckDBInstance } = (await import(module)) as Package;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  return {
    run: (sql) => connection.run(sql),
    column: async (sql) => (await connection.runAndReadAll(sql)).getRows().map(([first]) => String(first)),
  };
}

function install(): void {
  const wanted = readFileSync('test/duckdb/package-lock.json', 'utf8');
  // npm writes this when it is done.
  const isWhole = existsSync(`${FOLDER}/node_modules/.package-lock.json`);
  if (isWhole && readFileSync(`${FOLDER}/package-lock.json`, 'utf8') === wanted) return;
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) cpSync(`test/duckdb/${name}`, `${FOLDER}/${name}`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', ['ci', '--prefix', FOLDER, ...flags], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ci of ${FOLDER} ended with ${String(status)}`);
}
