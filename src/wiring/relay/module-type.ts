import type { ModuleTypeOptions as PublicOptions } from '../../relay/docs/module-type.ts';
import { toModuleType } from '../../relay/docs/module-type.ts';
import { readSecretFile } from './open-authentication.ts';

/** The public options with the secret's file instead of the secret. */
export type ModuleTypeOptions = Omit<PublicOptions, 'secret'> & { readonly jwtSecretFile?: string };

/** Creates the JSON value that registers a relay with Threat Response. Rejects with `usage`, or with `input` for the secret's file. */
export async function openModuleType({ jwtSecretFile, ...options }: ModuleTypeOptions, signal?: AbortSignal) {
  const bytes = jwtSecretFile === undefined ? undefined : await readSecretFile(jwtSecretFile, signal);
  const secret = bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return toModuleType({ ...options, secret });
}
