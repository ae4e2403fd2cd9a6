import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { ServeFlags } from './serve-action.js';

const examples = `
Examples:
  c1m serve                          on port 9100
  c1m serve --ports 9100-9161        a million connections need several ports
  c1m run -c 1M -R 40k -d 30s 'http://127.0.0.1:9100-9161/'
  c1m serve --websocket              for c1m run ws://127.0.0.1:9100/ -c 10k -R 0`;

export function serveCommand(invocation: Invocation): Command {
  return new Command('serve')
    .summary('serve the same few octets to anyone, as fast as this machine can')
    .description(
      'The fastest server that c1m has: it answers every request with "Hello, World!", over\n' +
        'io_uring, until Ctrl-C. What a generator reaches against it is the generator’s own ceiling.',
    )
    .option('--ports <ports>', 'a port, a range such as 9100-9161, or a list of both', '9100')
    .option('--websocket', 'open WebSockets, and answer each message with a short one')
    .option('--host <address>', 'the IP address to listen at', '127.0.0.1')
    .addHelpText('after', examples)
    .action(async (flags: ServeFlags) => {
      const { serveAction } = await import('./serve-action.js');
      invocation.ended(await serveAction(flags, invocation.heed()));
    });
}
