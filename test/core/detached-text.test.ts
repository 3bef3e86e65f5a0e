import { expect, test } from 'vitest';
import { detach } from '../../src/core/detached-text.ts';

test.each(['', 'evil.example/a', 'bücher.example', '\u{1F480}.example', '\uD800lone\uDC00'])('%j stays what it is', (text) => {
  expect(detach(text)).toBe(text);
});
