import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { readHost } from '../dist/measure/host.js';

/** A Markdown file of today's beside the benchmarks, unless `--out` names another. */
export function datedFile(name) {
  const today = new Date().toISOString().slice(0, 10);
  return fileURLToPath(new URL(`${name}-${today}.md`, import.meta.url));
}

/**
 * Begins a section with its time, the host, and how busy it is now. What is returned ends it: it prints
 * the section, and appends it to the file, which begins with `heading`.
 */
export function beginNote(file, heading) {
  const busy = loadavg()[0].toFixed(2);
  return (title, setting, tables) => {
    const { cpuModel, cpus, kernel, os } = readHost();
    const time = new Date().toISOString().slice(0, 16).replace('T', ' ');
    const section = [
      `## ${title}${time} UTC`,
      `${cpuModel}, ${cpus} CPUs; ${os}, Linux ${kernel}; Node ${process.version}. ${setting}; load average before ${busy}.`,
      ...tables,
    ].join('\n\n');
    if (!existsSync(file)) writeFileSync(file, heading);
    appendFileSync(file, `\n${section}\n`);
    console.log(section);
  };
}
