import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

export const folderOf = (service) => here(`services/${service}`);

/**
 * Runs c1m for so long at the most, and gives its document. What is told to end it ends c1m, which ends
 * its servers.
 */
export async function c1m(words, longestMs, env = {}, stderr = 'pipe') {
  const child = spawn(process.execPath, [here('../../bin/c1m.js'), ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', stderr],
  });
  const end = () => child.kill('SIGTERM');
  const stop = () => {
    end();
    process.exitCode = 130;
  };
  const timer = setTimeout(end, longestMs);
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const [output, errors, exitCode] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      new Promise((resolve, reject) => child.on('close', resolve).on('error', reject)),
    ]);
    if (output === '' || exitCode === 130 || exitCode === null)
      throw new Error(`c1m ${words.join(' ')} ended with ${exitCode}\n${errors}`);
    return { document: JSON.parse(output), exitCode };
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function textOf(stream) {
  if (stream === null) return '';
  stream.setEncoding('utf8');
  let text = '';
  for await (const part of stream) text += part;
  return text;
}
