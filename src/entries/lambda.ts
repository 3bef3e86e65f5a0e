import { createRequire } from 'node:module';
import packageJson from '../../package.json' with { type: 'json' };
import type * as openLambdaModule from '../relay/lambda/open-lambda.ts';
import { toWorld } from './world.ts';

/**
 * What AWS Lambda calls: `lambda.handler`. The relay is opened while an instance starts, when Lambda gives it the most of a processor;
 * what hinders that ends the instance, and Lambda logs why.
 */
export const handler = await loadRelay().openLambda({
  io: toWorld(process),
  version: packageJson.version,
  // A line at a time: an instance is frozen as soon as it has answered.
  write: (text) => void process.stderr.write(text),
});

/** The bundle of the relay, beside this one in `dist`. */
function loadRelay(): typeof openLambdaModule {
  // `require` gives anything; the build puts exactly this module there.
  return createRequire(import.meta.url)('./relay.cjs') as typeof openLambdaModule;
}
