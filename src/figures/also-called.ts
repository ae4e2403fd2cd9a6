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

/** What stands before a statistic, as benchmarks of the web, and of language models, name it. */
const prefixes: Readonly<Record<string, string>> = {
  ttfb: 'firstByte',
  ttft: 'firstEvent',
  itl: 'betweenEvents',
};

/** Which of the names a word may mean that is none of them itself. */
export function namesMeantBy(word: string, names: readonly string[]): string[] {
  const [prefix = '', ...rest] = word.split('.');
  const meant = prefixes[prefix.toLowerCase()];
  const prefixed = meant === undefined ? [] : [[meant, ...rest].join('.')];
  const all = [...(alsoCalled[word.toLowerCase()] ?? []), ...prefixed];
  return all.filter((name) => names.includes(name));
}
