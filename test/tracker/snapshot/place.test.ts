import { describe, expect, test } from 'vitest';
import { toPlace } from '../../../src/tracker/snapshot/place.ts';

const write = (schemeless: string): string => {
  const { host, port, path } = toPlace(schemeless);
  return `${host}|${port}|${path}`;
};

describe('one place has one spelling', () => {
  test.each([
    ['A.Example.', 'a.example||'],
    ['bücher.example/x', 'xn--bcher-kva.example||/x'],
    ['3221226034/x', '192.0.2.50||/x'],
    ['a.example:80/x', 'a.example||/x'],
    ['a.example:0443', 'a.example||'],
    ['a.example:08080/', 'a.example|8080|'],
    ['a.example:0/x', 'a.example|0|/x'],
    ['a.example:8043', 'a.example|8043|'],
    ['a.example/./x/../y/', 'a.example||/y'],
    ['a.example/..', 'a.example||'],
    ['a.example/../../x', 'a.example||/x'],
    ['a.example/x/..//y', 'a.example||//y'],
    ['a.example/x/.', 'a.example||/x'],
    ['a.example/.x/..y/...', 'a.example||/.x/..y/...'],
    ['a.example/%2e%2E/%7euser', 'a.example||/~user'],
    ['a.example/%2f%c3%bc%20', 'a.example||/%2F%C3%BC%20'],
    ['a.example/%zz%4', 'a.example||/%zz%4'],
    ['a.example/x?', 'a.example||/x'],
    ['a.example?#top', 'a.example||'],
    ['a.example/x/?q=/../', 'a.example||/x?q=/../'],
    ['a.example/?%71=%26', 'a.example||?q=%26'],
    ['a.example/x#?q', 'a.example||/x'],
  ])('%s', (given, expected) => {
    expect(write(given)).toBe(expected);
  });
});
