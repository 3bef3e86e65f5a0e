/** The text that a program has written to a stream so far. */
export interface Transcript {
  readonly text: () => string;
  /** Resolves when the text matches; rejects when `ended` rejects, or resolves without a match. */
  readonly matched: (pattern: RegExp, ended: Promise<unknown>) => Promise<RegExpExecArray>;
  readonly add: (chunk: Buffer) => void;
}

/** An empty transcript. */
export function createTranscript(): Transcript {
  const chunks: Buffer[] = [];
  const onAdd = new Set<() => void>();
  const text = () => Buffer.concat(chunks).toString('utf8');
  return {
    text,
    add(chunk) {
      chunks.push(chunk);
      for (const look of onAdd) look();
    },
    matched: (pattern, ended) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text());
          if (!match) return;
          onAdd.delete(look);
          resolve(match);
        };
        onAdd.add(look);
        look();
        ended
          .then(() => {
            look();
            reject(new Error(`The run ended without saying ${String(pattern)}: ${text()}`));
          })
          .catch(reject);
      }),
  };
}
