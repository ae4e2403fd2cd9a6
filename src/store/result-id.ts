/** Of a result, and the name of its file: what made it and when it began, as in its document. */
export function resultId(kind: string, startedAt: string): string {
  return `${kind}-${startedAt.replace(/[:.]/g, '-')}`;
}
