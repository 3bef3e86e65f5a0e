import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the tarball is installed for the suite: outside the project, where none of its `node_modules` can stand in for one that is missing. */
export const INSTALLED = join(tmpdir(), `cct-installed-${process.pid}`);

/** The Node 24 that `npm run package` installs. */
export const NODE_24 = `build/node24/node_modules/node/bin/${process.platform === 'win32' ? 'node.exe' : 'node'}`;
