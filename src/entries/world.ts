/** What a run needs from its process, in addition to streams. */
export function toWorld(process: NodeJS.Process) {
  return {
    env: process.env,
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    userId: process.geteuid?.(),
    random: Math.random,
  };
}
