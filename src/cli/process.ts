import { createRequire } from 'node:module';
import packageJson from '../../package.json' with { type: 'json' };
import type * as mainModule from './main.ts';

/**
 * The one place that touches the process. Sets `process.exitCode` and returns: `process.exit` would cut what is still on its way
 * through a pipe.
 */
export async function runProcess(process: NodeJS.Process): Promise<void> {
  const args = process.argv.slice(2);
  // Asked by every installer and script; nothing else needs loading for it.
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`cct ${packageJson.version}\n`);
    return;
  }
  const { main } = loadMain();
  process.exitCode = await main({
    args,
    env: process.env,
    // Opening stdin takes time, and most runs never read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    onStopSignal(callback) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => callback(signal));
    },
    now: () => new Date(),
    random: Math.random,
  });
}

/** The bundle of all the rest, beside this one in `dist`. `import` would first scan it for exports, which takes as long as Node's start. */
function loadMain(): typeof mainModule {
  // `require` gives anything; the build puts exactly this module there.
  return createRequire(import.meta.url)('./main.cjs') as typeof mainModule;
}
