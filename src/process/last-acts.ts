/** In the order in which they were asked for. */
const acts = new Set<() => void>();

process.on('exit', () => {
  // What came last goes first: a server before the work tree that it was started in.
  for (const act of [...acts].reverse()) act();
});

/**
 * Does something synchronous however this process ends, a second Ctrl-C and an uncaught exception
 * among it, but for SIGKILL.
 * @returns what calls it off
 */
export function atExit(act: () => void): () => void {
  acts.add(act);
  return () => void acts.delete(act);
}
