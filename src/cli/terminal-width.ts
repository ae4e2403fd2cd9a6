/** Characters that a line may hold; where neither a terminal nor COLUMNS says so, any number. */
export function terminalWidth(): number {
  if (process.stdout.isTTY) return process.stdout.columns;
  const columns = Number(process.env['COLUMNS']);
  return columns > 0 ? columns : Infinity;
}
