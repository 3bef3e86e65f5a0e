import { CctError } from '../core/errors.ts';
import type { Setup } from './setup.ts';

/** Where answers come from; `auto` is live, with a snapshot for failed lookups. */
export type ChosenSource = 'auto' | 'live' | 'snapshot';

/**
 * The source, from `--source`, `--offline` and `--snapshot`: flags override variables, and these the settings file, so that neither sends
 * lookups of an offline run. Throws `usage` when they contradict.
 */
export function resolveSource({ config, origins, givenBy }: Pick<Setup, 'config' | 'origins' | 'givenBy'>): ChosenSource {
  const { source, offline, snapshot } = config;
  for (const origin of ['flag', 'environment', 'file'] as const) {
    const isOffline = offline && origins.offline === origin;
    if (source !== undefined && origins.source === origin) {
      if (!isOffline || source === 'snapshot') return source;
      const [first, second] = origin === 'file' ? ['offline', 'source'] : [givenBy.offline, givenBy.source];
      const place = origin === 'file' ? `${givenBy.source}: ` : '';
      throw new CctError('usage', `${place}${first} and ${second} ${source} exclude each other: give only one`);
    }
    if (isOffline || (snapshot !== undefined && origins.snapshot === origin)) return 'snapshot';
  }
  return 'auto';
}
