import { readdirSync, readFileSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The relative targets of all imports of a text, of types and later ones too; comments may add some. */
function targetsIn(text: string): string[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*['"`](\.[^'"`]*)/g)].map(([, target = '']) => target);
}

/** Each cycle, as `a.ts > b.ts > a.ts`. Texts by their paths. */
function cyclesOf(texts: Readonly<Record<string, string>>): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' > '));
    else if (!done.has(file)) {
      const targets = targetsIn(texts[file] ?? '');
      for (const target of targets) visit(posix.join(posix.dirname(file), target), [...trail, file]);
      done.add(file);
    }
  };
  for (const file of Object.keys(texts)) visit(file, []);
  return cycles;
}

describe('a cycle of imports', () => {
  test('is not in src', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const texts = files.map((file) => [file.replaceAll(sep, '/'), readFileSync(`src/${file}`, 'utf8')] as const);
    expect(files.length).toBeGreaterThan(100);
    expect(texts.flatMap(([, text]) => targetsIn(text)).length).toBeGreaterThan(300);
    expect(cyclesOf(Object.fromEntries(texts))).toEqual([]);
  });

  test('is found over types and over imports that happen later', () => {
    const texts = {
      'a.ts': "import type { B } from './b/b.ts';",
      'b/b.ts': "const c = () => import('../a.ts'); import './c.ts';",
    };
    expect(cyclesOf(texts)).toEqual(['a.ts > b/b.ts > a.ts']);
  });
});
