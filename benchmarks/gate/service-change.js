import { c1m, folderOf } from './service-run.js';

/** So that a figure is of warm code, where a runtime compiles while it runs. */
const flags = ['-q', '--json', '-c', '32', '-d', '3s', '--warmup', '8s', '--target-cpus', '1'];
const longestMs = 5 * 60_000;

async function serverOf(service, env) {
  const words = ['run', ...flags, folderOf(service)];
  const { document } = await c1m(words, longestMs, { EXTRA_CPU: '0', KEEP_KB: '0', ...env });
  return document.targets[0].trials[0].server;
}

/** Rounds that make a request cost so much more CPU time, of 0.1 for 10 %. */
export async function roundsFor(service, share) {
  const costOf = async (rounds) =>
    (await serverOf(service, { EXTRA_CPU: String(rounds) })).cpuUsPerRequest;
  const few = await costOf(0);
  let rounds = 20;
  let many = await costOf(rounds);
  // So many that the difference is far beyond the noise of one run.
  while (many < 1.5 * few && rounds < 5_000) {
    rounds *= 4;
    many = await costOf(rounds);
  }
  const perRound = (many - few) / rounds;
  if (perRound <= 0) throw new Error(`${rounds} rounds cost nothing: the machine is too busy`);
  return Math.max(1, Math.ceil((share * few) / perRound));
}

/** How many processes each keep what is kept. */
const processes = { 'flask-gunicorn': 2 };

/** KB for each process that make its memory larger by 2.4 times what the gate allows: 5 %, or 1 MB. */
export async function keepKbOf(service) {
  const { rssPeakBytes } = await serverOf(service, {});
  const allowedBytes = Math.max(0.05 * rssPeakBytes, 1_000_000);
  return Math.ceil((2.4 * allowedBytes) / 1024 / (processes[service] ?? 1));
}
