import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonEvents } from '../../src/records/json-events.ts';
import { collect } from './collect-lines.ts';

const toLine = (event: unknown) => JSON.stringify(event);
const found = (event: unknown) => collect(jsonEvents, toLine(event)).found;

describe('the objects of an array keep host and path apart:', () => {
  const a = { host: 'a.example', uri: '/1' };
  const b = { uri: '/2', host: 'b.example' };
  const both = ['url http://a.example/1', 'url http://b.example/2'];

  test.each<[what: string, event: unknown, expected: readonly string[]]>([
    ['objects within them', { sessions: [{ req: a }, { req: b }] }, both],
    ['objects within those', { x: [{ Service: { http: a } }, { Service: { http: b } }] }, both],
    ['an answer of Elasticsearch', { hits: { hits: [{ _source: { x: a } }, { _source: { x: b } }] } }, both],
    [
      'dotted names',
      {
        x: [
          { 'url.domain': 'a.example', 'url.path': '/1' },
          { url: { path: '/2' }, 'url.domain': 'b.example' },
        ],
      },
      both,
    ],
    ['arrays in arrays', { x: [[{ y: a }], [{ y: b }]] }, both],
    ['arrays in objects of arrays', { x: [{ y: [{ z: a }] }, { y: [{ z: b }] }] }, both],
    ['events in strings', { x: [toLine({ y: a }), toLine({ y: b })] }, both],
    ['an array alone', [{ y: a }, { y: b }], both],
    ['a host in one, a path in another', { x: [{ y: { host: 'a.example' } }, { y: { uri: '/2' } }] }, ['domain a.example']],
    [
      'a port is of one',
      { x: [{ http: { ...a, http_port: 8080 } }, { http: b }] },
      [both[1] ?? '', 'url http://a.example:8080/1'],
    ],
    [
      'a method too',
      { x: [{ http: { ...a, method: 'GET' } }, { http: { host: 'c.example', url: 'c.example:443', method: 'CONNECT' } }] },
      [both[0] ?? '', 'domain c.example'],
    ],
    ['the port of the event is of all', { http_port: 81, x: [{ y: a }] }, ['url http://a.example:81/1']],
  ])('%s', (_what, event, expected) => {
    expect(found(event)).toEqual(expected);
  });

  test('however they are nested', () => {
    const wanted: string[] = [];
    const request = fc.constant(null).map(() => (): unknown => {
      const number = wanted.push(`url http://h${wanted.length}.example/${wanted.length}`) - 1;
      return { host: `h${number}.example`, uri: `/${number}` };
    });
    const { node } = fc.letrec<{ node: () => unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        request,
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((items) => () => items.map((make) => make())),
        fc
          .array(fc.tuple(fc.constantFrom('http', 'x', 'y'), tie('node')), { minLength: 1, maxLength: 2 })
          .map((items) => () => items.map(([key, make]) => ({ [key]: make() }))),
      ),
    }));
    fc.assert(
      fc.property(fc.array(node, { maxLength: 4 }), (makers) => {
        wanted.length = 0;
        const event = { list: makers.map((make) => make()) };
        expect(found(event)).toEqual(wanted);
      }),
    );
  });
});
