import { CctError } from '../core/errors.ts';
import type { Setup } from './setup.ts';

/** The source of answers. `auto` is live, with a snapshot for failed lookups. */
export type ChosenSource = 'auto' | 'live' | 'snapshot';

/**
 * Resolves `--source`, `--offline` and `--snapshot`. Flags override variables, and variables override the settings file, so that neither
 * makes an offline run send lookups. Throws `usage` if they contradict each other.
 */
export function resolveSource({ config, origins, givenBy }: Pick<Setup, 'config' | 'origins' | 'givenBy'>): ChosenSource {
  const { source, offline, snapshot } = config;
  for (const origin of ['flag', 'environment', 'file'] as const) {
    const isOffline = offline && origins.offline === origin;
    if (source !== undefined && origins.source === origin) {
      if (!isOffline || source === 'snapshot') return source;
      const [first, second] = origin === 'file' ? ['offline', 'source'] : [givenBy.offline, givenBy.source];
      const place = origin === 'file' ? `${givenBy.source}: ` : '';
      throw new CctError('usage', `${place}${first} and ${second} ${source} cannot be used together: give only one`);
    }
    if (isOffline || (snapshot !== undefined && origins.snapshot === origin)) return 'snapshot';
  }
  return 'auto';
}
