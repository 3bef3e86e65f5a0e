/** Runs a script. Its exit status is the number that `main` resolves to; 1 when it rejects, with the stack on stderr. */
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
