import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listPath, openHome, readRows } from './real-data.ts';

/** What can stand in any format: a URL without blanks and quotes, whose host a program would take for one. */
const PLAIN_URL = /^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(?::\d{1,5})?\/[\w/.?=&%~-]*[\w/=]$/i;

async function openUrls() {
  const home = await openHome();
  await home.cct('snapshot', 'import', listPath);
  const urls = new Set((await readRows()).map(({ url }) => url).filter((url) => PLAIN_URL.test(url)));
  const list = [...urls];
  expect(list.length).toBeGreaterThan(7000);
  /** The values of a file that are listed. */
  const listedIn = async (name: string, content: string): Promise<Set<string>> => {
    const file = join(home.home, name);
    await writeFile(file, content);
    const rows = await home.cct('observe', '--offline', '-q', '--format', 'ndjson', '--only', 'listed', file);
    const values = rows.split('\n').filter((line) => line !== '');
    return new Set(values.map((line) => (JSON.parse(line) as { observable: { value: string } }).observable.value));
  };
  return { list, listedIn };
}

const split = (url: string) => {
  const slash = url.indexOf('/');
  const [host = '', port = '80'] = url.slice(0, slash).split(':');
  return { host, port, path: url.slice(slash) };
};
const toWanted = (list: readonly string[]) => new Set(list.map((url) => `http://${url}`));

// The makers of URLs leave the usual ports out.
const withoutUsualPorts = (list: readonly string[]) => list.filter((url) => !/:(?:80|443)\//.test(url));

describe('each URL of the real list is found', () => {
  test('in a log of Suricata', async () => {
    const { list, listedIn } = await openUrls();
    const events = list.map((url) => {
      const { host, port, path } = split(url);
      const http = { hostname: host, url: path, http_port: Number(port) };
      return JSON.stringify({ timestamp: '2026-11-01T10:00:00.000000+0000', event_type: 'http', src_ip: '10.0.0.5', http });
    });
    const found = await listedIn('eve.json', events.join('\n'));
    expect(withoutUsualPorts(list).filter((url) => !found.has(`http://${url}`))).toEqual([]);
  });

  test('in a log of Zeek', async () => {
    const { list, listedIn } = await openUrls();
    const rows = list.map((url, at) => {
      const { host, port, path } = split(url);
      return [`1730455200.${at}`, `C${at}`, '10.0.0.5', '192.0.2.10', port, host, path].join('\t');
    });
    const fields = ['ts', 'uid', 'id.orig_h', 'id.resp_h', 'id.resp_p', 'host', 'uri'].join('\t');
    const found = await listedIn('http.log', ['#separator \\x09', `#fields\t${fields}`, ...rows, ''].join('\n'));
    expect(withoutUsualPorts(list).filter((url) => !found.has(`http://${url}`))).toEqual([]);
  });

  test('in a mail, quoted-printable and as HTML', async () => {
    const { list, listedIn } = await openUrls();
    const half = Math.floor(list.length / 2);
    const quoted = list.slice(0, half).map((url) => toQuotedPrintable(`see http://${url} now`));
    const links = list.slice(half).map((url) => `<a href="http://${url.replaceAll('&', '&amp;')}">x</a><br>`);
    const html = Buffer.from(links.join('\n')).toString('base64').replace(/.{76}/g, '$&\r\n');
    const mail = [
      ...['From: a@drop.example', 'To: b@drop.example', 'Subject: invoice', 'MIME-Version: 1.0'],
      ...['Content-Type: multipart/mixed; boundary=x', '', '--x', 'Content-Type: text/plain; charset=utf-8'],
      ...['Content-Transfer-Encoding: quoted-printable', '', ...quoted, '--x', 'Content-Type: text/html; charset=utf-8'],
      ...['Content-Transfer-Encoding: base64', '', html, '--x--', ''],
    ];
    const found = await listedIn('mail.eml', mail.join('\r\n'));
    expect(list.filter((url) => !found.has(`http://${url}`))).toEqual([]);
  });

  test('in a defanged report', async () => {
    const { list, listedIn } = await openUrls();
    const lines = list.map((url) => {
      const { host } = split(url);
      return `The bot posts to hxxp[:]//${host.replaceAll('.', '[.]')}${url.slice(host.length)}, as version 1.2.3.4 did.`;
    });
    expect(await listedIn('report.md', lines.join('\n'))).toEqual(toWanted(list));
  });
});

/** Lines of at most 76 characters, with soft breaks (RFC 2045, section 6.7). */
function toQuotedPrintable(text: string): string {
  return text.replaceAll('=', '=3D').replace(/.{70}/g, (piece) => (/=3?$/.test(piece) ? piece : `${piece}=\r\n`));
}
