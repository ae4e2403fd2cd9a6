import { runMeasured } from './measured-process.js';

/** One run of one client against a server of its own: what both say of it, and what it cost. */
export async function trial(client, workload, server, { cpu, folder }) {
  const { url } = server;
  const seconds = workload.seconds + client.extraSeconds(workload);
  let ran, served;
  try {
    client.prepare?.(url, folder);
    const args = client[workload.kind]({ ...workload, seconds, url, folder });
    ran = await runMeasured(client, args, { cpu, seconds, folder });
  } finally {
    served = await server.stop();
  }
  const own = client.read(ran.stdout, { file: client.file, folder });
  if (!(own.requests > 0 && served.requests > 0)) throw new Error('no request was answered');
  return {
    served,
    own,
    seconds,
    cpuAccount: ran.cpuAccount,
    endedMs: ran.endedMs,
    ownCount: own.requests / served.requests,
    cpuSeconds: ran.cpuSeconds,
    peakBytes: ran.peakBytes,
  };
}
