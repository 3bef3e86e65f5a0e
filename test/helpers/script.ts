/**
 * Runs a script of the project to its end. Its exit status is what `main` resolves to, where that is a number, and 1 when it rejects, which
 * stderr tells with where it happened.
 */
export function runScript(main: () => Promise<number | undefined>): void {
  main().then(
    (status) => {
      if (status !== undefined) process.exitCode = status;
    },
    (thrown: unknown) => {
      process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
      process.exitCode = 1;
    },
  );
}
