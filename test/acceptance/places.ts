import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The directory of the installed tarball: outside the project, whose `node_modules` could hide a missing package. */
export const INSTALLED = join(tmpdir(), `cct-installed-${process.pid}`);

/** The Node 24 that `npm run package` installs. */
export const NODE_24 = `build/node24/node_modules/node/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`;
