/** Characters that a line may hold; without a terminal there is no such limit. */
export function terminalWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Infinity;
}
