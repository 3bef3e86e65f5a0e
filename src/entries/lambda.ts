import { createRequire } from 'node:module';
import packageJson from '../../package.json' with { type: 'json' };
import type * as openLambdaModule from '../relay/lambda/open-lambda.ts';
import { toWorld } from './world.ts';

/**
 * The handler that AWS Lambda calls: `lambda.handler`. Opens the relay while an instance starts, when Lambda provides the most CPU. A failure
 * ends the instance, and Lambda logs the reason.
 */
export const handler = await loadRelay().openLambda({
  io: toWorld(process),
  version: packageJson.version,
  // Write each line immediately: an instance is frozen as soon as it has answered.
  write: (text) => void process.stderr.write(text),
});

/** Loads the bundle of the relay, which is next to this one in `dist`. */
function loadRelay(): typeof openLambdaModule {
  // `require` returns `any`; the build puts exactly this module there.
  return createRequire(import.meta.url)('./relay.cjs') as typeof openLambdaModule;
}
