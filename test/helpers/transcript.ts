/** What a program has written to a stream so far. */
export interface Transcript {
  readonly text: () => string;
  /**
   * Resolves when the text matches. When the program ends first, the text is looked at once more, and what does not match then
   * rejects, as does what made `ended` reject.
   */
  readonly matched: (pattern: RegExp, ended: Promise<unknown>) => Promise<RegExpExecArray>;
  /** Adds what was written. */
  readonly add: (chunk: Buffer) => void;
}

/** A transcript with nothing in it. */
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
