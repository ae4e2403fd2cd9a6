/** What other tools call these figures; more than one where the word alone does not tell. */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  rps: ['requestsPerSecond'],
  qps: ['requestsPerSecond'],
  'req/s': ['requestsPerSecond'],
  'requests/s': ['requestsPerSecond'],
  cpu: ['cpuUsPerRequest', 'cpuUtilization'],
  rss: ['rssPeak'],
  memory: ['rssPeak', 'bytesPerConnection'],
  median: ['p50'],
  'start-up': ['startup'],
};

/** Which of the names a word may mean that is none of them itself. */
export function namesMeantBy(word: string, names: readonly string[]): string[] {
  return (alsoCalled[word.toLowerCase()] ?? []).filter((name) => names.includes(name));
}
