import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'google-chrome', 'chromium-browser'];

/** Launches Chromium or Chrome without a window, to be closed. Throws, and says how to install it, where it is missing: no test may pass without it. */
export async function launchBrowser(): Promise<Browser> {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const executablePath = NAMES.flatMap((name) => directories.map((directory) => join(directory, name))).find(existsSync);
  if (executablePath === undefined) throw new Error('chromium is missing: apt-get install chromium');
  // Its sandbox refuses to run as root, as in a container.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
