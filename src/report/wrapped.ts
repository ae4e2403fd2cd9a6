/** Lines of at most `width` characters, broken at blanks; what is longer than a line stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  // A number stays with its unit, and a times sign with its number.
  for (const word of text.split(/ (?![µmk]?s\b|[kMG]?B\b|×|%)/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
