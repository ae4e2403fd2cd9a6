/** The name of a phase, or a request, in a tag of the interval log: commas and spaces would end it. */
export function tagPart(name: string): string {
  return name.replace(/[\s,]+/g, '-');
}
