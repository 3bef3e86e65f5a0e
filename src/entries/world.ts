/** What a run needs of its process, besides its streams. */
export function toWorld(process: NodeJS.Process) {
  return {
    env: process.env,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    userId: process.geteuid?.(),
    random: Math.random,
  };
}
