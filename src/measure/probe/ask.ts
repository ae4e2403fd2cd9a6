import { get } from 'node:http';

import { parseProbeAnswer, ProbeError, type ProbeAnswer } from './answer.js';

/** Far above what any runtime has to say; a server that never ends its answer stops here. */
const maxAnswerBytes = 1024 * 1024;

/**
 * Asks a target's probe, on a connection of its own.
 * @param url with its path, as `RunningTarget.probeUrls` has it
 * @param timeoutMs from now until the whole answer is here
 * @throws ProbeError, and nothing else
 */
export async function askProbe(url: string, timeoutMs: number): Promise<ProbeAnswer> {
  return parseProbeAnswer(await fetchText(url, timeoutMs));
}

function fetchText(url: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: NodeJS.ErrnoException): void => {
      const late = `no complete answer within ${timeoutMs} ms`;
      reject(new ProbeError(signal.aborted ? late : (error.code ?? error.message)));
    };
    const request = get(url, { agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxAnswerBytes) return;
        reject(new ProbeError(`its answer is longer than ${maxAnswerBytes} bytes`));
        request.destroy();
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new ProbeError(`it answered with status ${response.statusCode ?? 'unknown'}`));
      });
      response.on('error', fail);
    });
    request.on('error', fail);
  });
}
