import { describe, expect, test } from 'vitest';
import { parseListPage } from '../../../src/tracker/lists/list-html.ts';
import { page } from './list-pages.ts';

describe('the last row that a page links to', () => {
  const offsetOf = (...links: readonly string[]) => parseListPage(`${links.join('')}${page()}`).lastOffset;

  test.each([
    ['index.php?s=40', 40],
    ['/index.php?s=80&amp;m=40', 80],
    ['index.php?search=&amp;s=120#top', 120],
    ['http://tracker.example/index.php?m=40&amp;s=160', 160],
    ['index.php?s=999999999', 999_999_999],
    ['index.php?s=4000000000', 0],
    ['index.php?s=40x', 40],
    ['index.php?ss=40', 0],
    ['index.php#?s=40', 0],
    ['index.php?x#s=40', 0],
    ['list.php?s=40', 0],
    ['ccam.php?s=40', 0],
    ['', 0],
  ])('by %s is %i', (href, offset) => {
    expect(offsetOf(`<a href="${href}">more</a>`)).toBe(offset);
  });

  test('is the largest of all links, and of nothing but links', () => {
    const links = [40, 120, 80].map((offset) => `<a href="index.php?s=${offset}">more</a>`);
    expect(offsetOf(...links, '<area href="index.php?s=9000">', '<a>none</a>')).toBe(120);
  });
});
