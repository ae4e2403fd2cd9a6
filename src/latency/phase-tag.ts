/** The name of a phase in a tag of the interval log: commas and spaces would end it. */
export function phaseTag(phase: string): string {
  return phase.replace(/[\s,]+/g, '-');
}
