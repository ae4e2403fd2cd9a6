/**
 * Has a server listen as CONTRACT.md says, with its probe where one is asked for; ends the process
 * with a line on stderr where it cannot.
 * @param server of node:http or node:http2
 */
export async function start(server, name) {
  const host = process.env.HOST || '127.0.0.1';
  const port = process.env.PORT || '8080';
  const probePort = process.env.PROBE_PORT || '';
  const fail = (error) => {
    console.error(`${name}: ${error.message}`);
    process.exit(1);
  };
  server.on('error', fail);
  try {
    if (probePort !== '') {
      const { startProbe } = await import('./probe.mjs');
      await startProbe(server, host, probePort);
    }
    // The system lowers the backlog to what it allows.
    server.listen({ host, port, backlog: 65535 });
  } catch (error) {
    fail(error);
  }
}
