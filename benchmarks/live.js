// What the live view costs while c1m is at its limit: requests/s with and without it, in interleaved
// pairs, and the CPU time of c1m's main thread, which draws. A server on the last CPU, c1m on the first.
// Appends to a dated Markdown file. After `npm run build`, on a quiet machine with two CPUs or more:
//   node benchmarks/live.js [--pairs 10] [--seconds 4] [--out FILE.md]
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../dist/stats/sample.js';
import { beginNote, datedFile } from './dated-notes.js';
import { table } from './peers/markdown.js';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string', default: datedFile('live') },
  },
});
const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)];
const folder = mkdtempSync(join(tmpdir(), 'c1m-live-'));
const port = 19_556;
const main = fileURLToPath(new URL('../bin/c1m.js', import.meta.url));
const serverCpu = String(availableParallelism() - 1);

/** CPU time of a process's first thread, in ms (proc_pid_schedstat: nanoseconds on a CPU). */
const mainThreadMillis = (pid) => {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return null;
  }
};

/** One run on a pseudo-terminal, so that the view is there unless it is told not to be. */
async function measure(engine, flags) {
  const [result, pidFile] = [join(folder, 'result.json'), join(folder, 'pid')];
  const load = ['run', '--json', '--engine', engine, '--load-cpus', '0', '-c', '64'];
  const words = [...load, '-d', `${seconds}s`, '--warmup', '1s', ...flags, url];
  const line = `stty cols 100 rows 30; echo $$ > ${pidFile}; exec ${process.execPath} ${main} ${words.join(' ')} > ${result}`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CI: '', C1M_NO_LIVE: '', TERM: 'xterm-256color' },
  });
  let drawn = 0;
  child.stdout.on('data', (bytes) => (drawn += bytes.length));
  let millis = 0;
  const watch = setInterval(() => {
    if (!existsSync(pidFile)) return;
    millis = mainThreadMillis(readFileSync(pidFile, 'utf8').trim()) ?? millis;
  }, 20);
  await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const [trial] = JSON.parse(readFileSync(result, 'utf8')).targets[0].trials;
  return { requestsPerSecond: trial.load.requestsPerSecond, millis, drawn };
}

const url = `http://127.0.0.1:${port}/`;
const serve = [main, 'serve', '--ports', String(port)];
const server = spawn('taskset', ['-c', serverCpu, process.execPath, ...serve], { stdio: 'ignore' });
try {
  const heading = '# What the live view costs at saturation\n\nBy `node benchmarks/live.js`.\n';
  const note = beginNote(values.out, heading);
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(url).then(Boolean, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const rows = [];
  for (const engine of ['uring', 'net']) {
    const measured = [];
    for (let pair = 0; pair < pairs; pair++) {
      const both = {};
      const order = pair % 2 === 0 ? ['view', 'none'] : ['none', 'view'];
      for (const how of order)
        both[how] = await measure(engine, how === 'none' ? ['--no-live'] : []);
      if (both.view.drawn < 10 * both.none.drawn) throw new Error('The view was not drawn');
      measured.push(both);
    }
    const middle = (figure) => median(measured.map(figure));
    const ratios = measured.map(
      ({ view, none }) => view.requestsPerSecond / none.requestsPerSecond,
    );
    const extra = middle(({ view, none }) => view.millis - none.millis);
    rows.push([
      engine,
      Math.round(middle(({ none }) => none.requestsPerSecond)).toLocaleString('en-US'),
      `${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)})`,
      middle(({ none }) => none.millis).toFixed(0),
      middle(({ view }) => view.millis).toFixed(0),
      `${((extra / (seconds + 1) / 1000) * 100).toFixed(2)} %`,
    ]);
  }
  note('', `${pairs} pairs of ${seconds} s`, [
    table(
      [
        ...['engine', 'requests/s without', 'with ÷ without, median (range)'],
        ...['main thread without, ms', 'with, ms', 'the view, of a CPU'],
      ],
      rows,
    ),
  ]);
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true });
}
