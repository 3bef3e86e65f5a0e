import { describe, test } from 'vitest';
import { expectAllFound, expectFound, expectNothing, expectPassedOver } from './tables.ts';

describe('a name', () => {
  test('in a log of a name server is one, however it ends and is capitalised', () => {
    expectFound({
      'query: wPaNeL.ExAmPlE IN A': ['domain wPaNeL.ExAmPlE'],
      'pAnel.Example IN A': ['domain pAnel.Example'],
      'query: com.apple.panel.example IN A': ['domain com.apple.panel.example'],
      'A (5)PANEL(7)Example(0)': ['domain PANEL.Example'],
      '(3)com(5)panel(3)app(0)': ['domain com.panel.app'],
      'query[type=65] d2.md from 192.0.2.1': ['domain d2.md', 'ip 192.0.2.1'],
      'gravity blocked d8.sh is 0.0.0.0': ['domain d8.sh', 'ip 0.0.0.0'],
      'config x.zip is 0.0.0.0': ['domain x.zip', 'ip 0.0.0.0'],
      'reply x.py is NODATA': ['domain x.py'],
      '"A IN x.sh. udp 27 false 512"': ['domain x.sh'],
      'query failed (SERVFAIL) for panel.example/IN/A at query.c:1': ['domain panel.example'],
    });
    expectAllFound(['domain x.zip', 'domain x.zip'], ['(x.zip): query: x.zip IN A +']);
    expectPassedOver('file name', ['config run.sh', 'the log of x.zip is empty']);
  });

  test('may begin with com, and be capitalised before a path or a port', () => {
    expectFound({
      'com.secure.panel.example and io.panel.example, gov.example.in': [
        ...['domain com.secure.panel.example', 'domain io.panel.example', 'domain gov.example.in'],
      ],
      'Example.Com/a and Panel.Example:8443': ['url Example.Com/a', 'url Panel.Example:8443'],
    });
    expectPassedOver('code', [
      ...[
        'com.example.app',
        'com.example.app/.MainActivity',
        'org.apache.commons.io',
        'com.vendor.Main',
        'net.vendor.core.utils',
      ],
      ...['Panel.Example', 'Main.Open:42', 'System.Name'],
    ]);
  });

  test('is no file, even if a company has its extension as a top-level domain', () => {
    expectPassedOver('file name', ['at a(Main.java:42)', 'Main.java', '//# sourceMappingURL=app.js.map', 'Normal.dot']);
  });

  test('may be part of a word with a hyphen', () => {
    expectAllFound(
      ['domain panel.example'],
      ['panel.example-Domain', 'panel.example-ben', 'panel[.]example-hosted files', '(panel(dot)example-basierte)'],
    );
    expectFound({ 'my-panel.com-gehostet': ['domain my-panel.com'], 'panel[.]net-Server': ['domain panel.net'] });
    expectNothing(['socket.io-client', '1.2.3.4-beta', 'foo-1.2.3.4-bar', '/var/log/panel.example-access', 'a@panel.example-x']);
  });

  test('has no protocol behind its port as a path', () => {
    expectFound({
      'panel.example:443/tcp, drop[.]example:8443/UDP)': ['domain panel.example', 'url drop.example:8443'],
      'panel.example:443/tcp/a': ['url panel.example:443/tcp/a'],
    });
  });

  test('is no product of .NET, and no facility of syslog', () => {
    expectPassedOver('code', ['ASP.NET', 'Nov 1 10:15:03 <local0.info> x', 'daemon.info dnsmasq[1]: started']);
    expectFound({ 'www.asp.net and daemon[.]info': ['domain www.asp.net', 'domain daemon.info'] });
  });

  test('is no field of an event, and nothing that is compared', () => {
    expectPassedOver('code', [
      ...['process.name : "x"', 'process.parent.name: (x or y)', 'dns.question.name', 'host.id and user.name', 'http.host;'],
      ...[
        'dns.qry.name contains x',
        'dns.resp.name',
        'self.id',
        'SELECT t.name, u.id FROM x',
        'file.example == "x"',
        "url.example=='x'",
        'file.example =~ "x"',
        'file.example !== "x"',
      ],
    ]);
    expectFound({
      'process.panel.name and panel.id': ['domain process.panel.name', 'domain panel.id'],
      'dns.question.name: "panel.example"': ['domain panel.example'],
      'process[.]name': ['domain process.name'],
      'host.name/a': ['url host.name/a'],
      'panel.example == 192.0.2.1': ['domain panel.example', 'ip 192.0.2.1'],
    });
  });

  test('and a query with a key are a URL', () => {
    expectFound({
      'panel.example?x=1': ['url panel.example?x=1'],
      'panel[.]example?x=1&y=2 and': ['url panel.example?x=1&y=2'],
      'panel.example:8080?x=1': ['url panel.example:8080?x=1'],
      '192.0.2.1?x=1': ['url 192.0.2.1?x=1'],
      'is it panel.example?': ['domain panel.example'],
      'panel.example:99999/a': ['domain panel.example'],
    });
  });

  test('before a port of WebDAV is no user', () => {
    expectAllFound(
      ['domain panel.example'],
      ['\\\\panel.example@SSL\\DavWWWRoot\\x', 'net use \\\\panel.example@8080\\a.dll', '\\\\panel.example@SSL@8443\\x'],
    );
  });

  test('of a mail address is none, however the at sign is written', () => {
    expectPassedOver('mail address', [
      ...[
        'bob@panel.example',
        'bob%40panel.example',
        'user=bob%40panel.example&x=1',
        'bob＠panel.example',
        'bob.b＠panel.example',
      ],
      ...['bob (at) panel (dot) example', 'bob.b (at) panel (dot) example', 'bob{at}panel{dot}example', 'bob[at]panel[.]example'],
    ]);
    expectFound({ 'panel.example @ 192.0.2.1': ['domain panel.example', 'ip 192.0.2.1'] });
  });
});

describe('a port behind a dot', () => {
  test('is one in lines of tcpdump and netstat', () => {
    expectFound({
      'tcp4 0 0 192.0.2.1.51514 198.51.100.7.80 ESTABLISHED': ['ip 192.0.2.1', 'ip 198.51.100.7'],
      'tcp4       0      0  192.0.2.1.22       198.51.100.7.53       ESTABLISHED': ['ip 192.0.2.1', 'ip 198.51.100.7'],
      'udp46 0 0 192.0.2.1.53 *.*': ['ip 192.0.2.1'],
      'tcp4 0 0 192.0.2.1.ssh panel.example.51514 ESTABLISHED': ['ip 192.0.2.1', 'domain panel.example'],
      'IP 192.0.2.1.51514 > 198.51.100.7.https: Flags [S], seq 1': ['ip 192.0.2.1', 'ip 198.51.100.7'],
      'IP panel.example.http > 192.0.2.1.22: Flags [S], seq 1': ['domain panel.example', 'ip 192.0.2.1'],
      'IP 192.0.2.1.53 > 198.51.100.7.domain: 1234+ A?': ['ip 192.0.2.1', 'ip 198.51.100.7'],
    });
    expectNothing(['192.0.2.1.22', '192.0.2.1.http', 'a.panel.https', 'see IP of tcp4 192.0.2.1.80.3']);
  });
});

test('a name that no registry gives out is code', () => {
  expectPassedOver('code', ['my_object.id', 'id_rsa.pub', 'event_data.name', '_.example', '__init__.run']);
  expectFound({
    '_dmarc.panel.example and a_b.panel.example': ['domain _dmarc.panel.example', 'domain a_b.panel.example'],
    'my_panel[.]example': ['domain my_panel.example'],
    'my_panel.example/a': ['url my_panel.example/a'],
    'http://my_panel.example': ['url http://my_panel.example'],
  });
});
