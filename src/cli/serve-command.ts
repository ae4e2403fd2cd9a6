import { Command } from 'commander';
import { parsePortRange } from '../config/port-range.js';
import { ConfigError } from '../config/problem.js';
import { NullServer } from '../serve/null-server.js';
import { Libc } from '../uring/libc.js';
import { uringSupport } from '../uring/support.js';
import { exitCodes } from './exit-codes.js';

const examples = `
Examples:
  c1m serve                          on port 9100
  c1m serve --ports 9100-9161        a million connections need several ports
  c1m run -c 1M -R 40k -d 30s 'http://127.0.0.1:9100-9161/'`;

interface ServeFlags {
  readonly ports: string;
  readonly host: string;
}

export function serveCommand(signal: AbortSignal): Command {
  return new Command('serve')
    .summary('serve the same few octets to anyone, as fast as this machine can')
    .description(
      'The fastest server that c1m has: it answers every request with "Hello, World!", over\n' +
        'io_uring, until Ctrl-C. What a generator reaches against it is the generator’s own ceiling.',
    )
    .option('--ports <ports>', 'a port, a range such as 9100-9161, or a list of both', '9100')
    .option('--host <address>', 'the IP address to listen at', '127.0.0.1')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => {
      const support = await uringSupport();
      if (!support.available) {
        const message = `needs io_uring: ${support.reason}`;
        throw new ConfigError([{ where: 'serve', message, remedy: `${support.remedy}.` }]);
      }
      const ports = readPorts(flags.ports);
      const server = new NullServer(await Libc.load(), flags.host, ports);
      signal.addEventListener('abort', () => server.stop(), { once: true });
      console.log(`Serving http://${flags.host}:${flags.ports}/, until Ctrl-C`);
      await server.run();
      console.log(`Served ${server.requests.toLocaleString('en')} requests`);
      process.exitCode = exitCodes.interrupted;
    });
}

function readPorts(written: string): number[] {
  const ports = parsePortRange(written);
  if (ports !== null) return ports;
  const message = `"${written}" is neither a port nor a range of ports`;
  const remedy = 'Give ports between 1 and 65535, such as 9100, 9100-9161 or 80,9100-9110.';
  throw new ConfigError([{ where: '--ports', message, remedy }]);
}
