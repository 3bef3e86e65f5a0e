import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import build from '../helpers/build.ts';

/** The client and its Node, or why they are missing. */
export type RuntimeClient = { readonly node: string; readonly client: string } | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    runtimeClient: RuntimeClient;
  }
}

const NODE_PACKAGE = resolve('build/node24/node_modules/node');
const NODE = join(NODE_PACKAGE, 'bin/node');
const CLIENT = resolve('build/lambda-client/node_modules/aws-lambda-ric/index.mjs');
const CLIENT_PACKAGE = 'aws-lambda-ric@4.0.2';

/** Builds `dist` and installs the client. Throws where that fails and `CCT_NEEDS_LAMBDA` is set. */
export default function setup({ provide }: TestProject): void {
  build();
  const client = installClient();
  if ('missing' in client) {
    if (process.env['CCT_NEEDS_LAMBDA'] === '1') throw new Error(client.missing);
    // The reporter only counts skipped tests.
    process.stderr.write(`The suite of AWS Lambda is left out. ${client.missing}\n`);
  }
  provide('runtimeClient', client);
}

/** Compiles the client into `build`, once: that takes half a minute. */
function installClient(): RuntimeClient {
  try {
    if (!existsSync(NODE)) install('build/node24', 'node@24', {});
    const headers = join(NODE_PACKAGE, 'node_modules', `node-${process.platform}-${process.arch}`);
    const nodedir = existsSync(join(headers, 'include/node')) ? headers : '/usr';
    if (!existsSync(join(dirname(CLIENT), 'rapid-client.node'))) {
      const path = `${dirname(NODE)}${delimiter}${process.env['PATH'] ?? ''}`;
      const makeFlags = `-j${availableParallelism()}`;
      install('build/lambda-client', CLIENT_PACKAGE, { PATH: path, npm_config_nodedir: nodedir, MAKEFLAGS: makeFlags });
    }
    return { node: NODE, client: CLIENT };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.trim().split('\n').slice(0, 2).join(' ') : String(thrown);
    return { missing: `The runtime interface client could not be installed (it needs cmake, g++ and make): ${why}` };
  }
}

function install(directory: string, name: string, env: Readonly<Record<string, string>>): void {
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', directory, name];
  execFileSync('npm', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
}

/** An instance of the function. */
export interface Instance {
  /** Its stdout and stderr so far. */
  said(): string;
  /** Resolves to its exit status. */
  readonly ended: Promise<number | null>;
  stop(): void;
}

/** The variables of Lambda that the client reads. */
const LAMBDA_ENVIRONMENT = {
  AWS_LAMBDA_FUNCTION_NAME: 'relay',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/relay',
  AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
};

/** Starts the client as Lambda's image does, with the Runtime API at `address`. */
export function startInstance(
  { node, client }: { readonly node: string; readonly client: string },
  { address, handler = 'lambda.handler', directory = resolve('dist'), env = {} }: InstanceOptions,
): Instance {
  const child = spawn(node, [client, handler], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      ...LAMBDA_ENVIRONMENT,
      LAMBDA_TASK_ROOT: directory,
      AWS_LAMBDA_RUNTIME_API: address,
      _HANDLER: handler,
      ...env,
    },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    said: () => Buffer.concat(chunks).toString('utf8'),
    ended: new Promise((done) => child.once('close', done)),
    stop: () => void child.kill('SIGKILL'),
  };
}

export interface InstanceOptions {
  readonly address: string;
  readonly handler?: string;
  /** The directory of the code; `dist` by default. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
}
