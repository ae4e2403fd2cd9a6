import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CpuAccount } from './cpu-account.js';

/** A client that takes so much longer than its load is ended, and its row says so. */
const mostExtraSeconds = 60;
const killed = 137;

/**
 * Runs a client on one CPU. Its CPU time and the peak of its memory are the kernel's account of the
 * ended process (wait4), by way of GNU time, which is small: a child of Node's own would count
 * Node's memory until it becomes the client. All of them stay in this process group, for Ctrl-C.
 */
export async function runMeasured(client, args, { cpu, seconds, folder }) {
  const file = join(folder, 'account');
  const command = [
    ...['taskset', '-c', cpu],
    ...['/usr/bin/time', '-q', '-f', '%U %S %M', '-o', file],
    ...['timeout', '--foreground', '-s', 'KILL', seconds + mostExtraSeconds],
    ...[client.file, ...client.before, ...args],
  ].map(String);
  // Node has raised its limit of descriptors to the hard one, and its children inherit that.
  const child = spawn(command[0], command.slice(1), {
    env: { ...process.env, ...client.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const cpuAccount = new CpuAccount(child.pid);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]).finally(() => cpuAccount.stop());
  const endedMs = Date.now();
  if (code === killed) throw new Error(`not finished ${mostExtraSeconds} s after its time`);
  if (!client.success.includes(code)) {
    throw new Error(`exit code ${code}: ${lastLine(stderr) || lastLine(stdout)}`);
  }
  const [user, system, peakKiB] = lastLine(readFileSync(file, 'utf8')).split(' ').map(Number);
  return { stdout, cpuAccount, cpuSeconds: user + system, peakBytes: peakKiB * 1024, endedMs };
}

const lastLine = (written) => written.trim().split('\n').at(-1);
