import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { LedgerRow } from '../../src/core/ledger/ledger.ts';
import { createHtmlFormat } from '../../src/documents/html.ts';
import { failedRow, toListedRow } from '../cli/output/rows.ts';
import { launchBrowser } from '../helpers/browser.ts';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { FACTS } from './facts.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64');

const HOSTILE = [
  ...['</script><script>alert(1)</script>', '"><img src=http://a.example/x onerror=alert(1)>', "' onmouseover='alert(1)"],
  ...[
    '<style>@import "http://a.example/"</style>',
    '<meta http-equiv=refresh content="0;url=http://a.example/">',
    'x'.repeat(10_240),
  ],
];

const rows: readonly LedgerRow[] = [
  { ...toListedRow('b10', 'Pony'), first_listed: '2018-01-14' },
  { ...toListedRow('b9', 'Zeus'), first_listed: '2016-11-02' },
  failedRow,
  ...HOSTILE.map((text) => toListedRow(text, text)),
  { ...failedRow, observable: { type: 'url', value: '=cmd()' } },
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

/** A page in the browser, and all that it reported: console, errors, dialogs, requests but for itself. */
interface OpenedPage {
  readonly page: Page;
  readonly reported: readonly string[];
}

async function openPage(shown: readonly LedgerRow[] = rows, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const format = createHtmlFormat({ isDefanged: true, sha256, toFacts: () => ({ ...FACTS, commandLine: HOSTILE.join(' ') }) });
  const path = join(openTempDir(), 'page.html');
  writeFileSync(path, shown.map((row) => format.add([row])).join('') + [...format.end()].join(''));
  return openFile(path, options);
}

async function openFile(path: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const reported: string[] = [];
  const url = pathToFileURL(path).href;
  page.on('console', (message) => reported.push(message.text()));
  page.on('pageerror', (error) => reported.push(error.message));
  page.on('dialog', (dialog) => void reported.push(dialog.message()));
  page.on('request', (request) => request.url() === url || reported.push(request.url()));
  await page.goto(url);
  return { page, reported };
}

const familiesOf = (page: Page) => page.locator('tbody tr:visible td:nth-child(4)').allInnerTexts();
const copied = (page: Page) => page.evaluate('navigator.clipboard.readText()');

describe('a page in a browser', () => {
  test('shows hostile text as text, reports nothing and requests nothing', async () => {
    const { page, reported } = await openPage();
    expect(await page.locator('tbody td:nth-child(4)').allTextContents()).toEqual(['Pony', 'Zeus', '', ...HOSTILE, '']);
    expect(await page.locator('dd code').textContent()).toBe(HOSTILE.join(' '));
    await page.mouse.move(200, 400);
    expect(await page.locator('table script, table img, table style, dd script').count()).toBe(0);
    expect(reported).toEqual([]);
  });

  test('is filtered by text, also as it is and not defanged, and by status', async () => {
    const { page, reported } = await openPage();
    const said = page.locator('#said');
    expect(await said.innerText()).toBe('10 rows');
    await page.getByLabel('Filter').fill(' ZEUS ');
    expect([await familiesOf(page), await said.innerText()]).toEqual([['Zeus'], '1 of 10 rows']);
    await page.getByLabel('Filter').fill('panel.example/b');
    expect(await familiesOf(page)).toEqual(['Pony', 'Zeus']);
    await page.getByLabel('Filter').fill('');
    await page.getByLabel('Status').selectOption('failed');
    expect(await page.locator('tbody tr:visible').count()).toBe(2);
    expect(reported).toEqual([]);
  });

  test('is sorted by click and by keyboard, numbers by their size, empty cells last', async () => {
    const { page } = await openPage(rows.slice(0, 3));
    const heading = (name: string) => page.getByRole('columnheader', { name });
    await heading('Value').getByRole('button').click();
    expect([await familiesOf(page), await heading('Value').getAttribute('aria-sort')]).toEqual([
      ['', 'Zeus', 'Pony'],
      'ascending',
    ]);
    await heading('First listed').getByRole('button').press('Enter');
    expect(await familiesOf(page)).toEqual(['Zeus', 'Pony', '']);
    await heading('First listed').getByRole('button').press('Enter');
    expect(await familiesOf(page)).toEqual(['Pony', 'Zeus', '']);
    expect([await heading('First listed').getAttribute('aria-sort'), await heading('Value').getAttribute('aria-sort')]).toEqual([
      'descending',
      null,
    ]);
  });

  test('copies a value or all that are shown, defanged or as they are, and never a formula', async () => {
    const { page, reported } = await openPage();
    await page.locator('tbody tr').first().getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied').first().waitFor();
    expect(await copied(page)).toBe('hxxp://panel[.]example/b10');
    await page.getByLabel('copy real values').check();
    await page.getByLabel('Filter').fill('/b');
    await page.getByRole('button', { name: 'Copy values' }).click();
    await expect.poll(() => copied(page)).toBe('http://panel.example/b10\nhttp://panel.example/b9');
    await page.getByLabel('Filter').fill('cmd');
    await page.locator('tbody tr:visible').getByRole('button', { name: 'Copy' }).click();
    await expect.poll(() => copied(page)).toBe("'=cmd()");
    expect(reported).toEqual([]);
  });

  test('is readable without script, and has no tools then', async () => {
    const { page, reported } = await openPage(rows, { javaScriptEnabled: false });
    expect([await familiesOf(page), reported]).toEqual([['Pony', 'Zeus', '', ...HOSTILE, ''], []]);
    expect([await page.locator('#tools').isVisible(), await page.locator('table button').count()]).toEqual([false, 0]);
  });

  test.each([
    [1200, 'light'],
    [1200, 'dark'],
    [400, 'light'],
    [400, 'dark'],
  ] as const)('fits %i pixels (%s), and keeps the roles of a table', async (width, colorScheme) => {
    const { page } = await openPage(rows, { viewport: { width, height: 900 }, colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect([await page.getByRole('row').count(), await page.getByRole('columnheader').count()]).toEqual([11, 7]);
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(21, 24, 28)');
  });

  test('without rows has no tools', async () => {
    const { page, reported } = await openPage([]);
    expect([await page.locator('#tools').count(), await page.locator('.empty').innerText(), reported]).toEqual([
      0,
      'No row has the chosen status.',
      [],
    ]);
  });

  test('is the one that --html writes', async () => {
    const path = join(openTempDir(), 'page.html');
    await runMain(['observe', '--snapshot', 'sample', '--ip', '198.51.100.60', '--html', path]);
    const { page, reported } = await openFile(path);
    expect([await page.title(), reported]).toEqual(['1 listed of 1 observable', []]);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#tools').isVisible()).toBe(false);
  });
});
