/** For a flag that may be given several times: all that it was given. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
