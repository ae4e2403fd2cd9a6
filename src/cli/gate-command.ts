import type { Command } from 'commander';
import { collect } from './repeated-flag.js';
import { StreamsCommand } from './streams-command.js';
import type { Invocation } from './invocation.js';
import type { GateFlags } from './gate-flags.js';

const gateExamples = `
Examples:
  c1m gate --base origin/main -- ./server      the folder's target, now against that ref
  c1m gate --base v1.2 --head v1.3 -- .        two refs
  c1m gate --base-command 'node a.js' --head-command 'node b.js' --path /health
  c1m gate --base-target ./old --head-target ./new --allow p99=15%
  c1m gate --base-url https://old.test:8443/ --head-url https://new.test:8443/ --cacert ca.pem
                                               servers that run already; unix:/run/app.sock as well
  c1m gate --base-command 'node a.js' --head-command 'node b.js' --path /events --stream
                                               streams of events: TTFT, ITL and events/s as well
  c1m gate --baseline latest go-bare           now against the newest result that fits (weaker)
  c1m gate --base main --budget 5m --markdown gate.md --junit gate.xml -- .

Metrics, and the change that is allowed: requestsPerSecond 3 %; the larger of a share and an amount
of cpuUsPerRequest 3 %, 0.2 µs; instructionsPerRequest 3 %, 200; p50 3 %, 1 µs; p99 10 %, 1 µs;
rssIdle and rssPeak 5 %, 1 MB; bytesPerConnection 5 %, 256 B; startup 5 %, 5 ms.
Of streams of events also eventsPerSecond 3 %; ttft.p50 3 %, 1 µs; ttft.p99 10 %, 1 µs;
itl.p50 3 %, 10 µs; itl.p99 10 %, 10 µs.

A metric that the budget could not prove passes as well where no change is compatible with what was
measured and one of --detect is not; the report says so. --strict wants proof.

Exit codes: 0 pass, 3 regression, 4 no baseline, 5 inconclusive, 6 invalid, 1 failure, 2 usage, 130 interrupted.`;

const diffExamples = `
Examples:
  c1m diff --base origin/main -- ./server
  c1m diff --base-command 'node a.js' --head-command 'node b.js'

It measures as c1m gate does, reports what differs, and exits with 0 whatever it found (4: no
baseline). --allow says how small a change it has to tell apart.`;

/** Decides whether head is worse than base; the exit code says so. */
export function gateCommand(invocation: Invocation): Command {
  return flagged(new StreamsCommand('gate'))
    .description(
      'measure two builds of a server as a duet, and decide whether the new one is worse',
    )
    .addHelpText('after', gateExamples)
    .action(async (target: string | undefined, flags: GateFlags) => {
      const { gateAction } = await import('./gate-action.js');
      invocation.ended(await gateAction(target, flags, 'gate', invocation.heed()));
    });
}

export function diffCommand(invocation: Invocation): Command {
  return flagged(new StreamsCommand('diff'))
    .description('measure two builds of a server as a duet, and report the difference')
    .addHelpText('after', diffExamples)
    .action(async (target: string | undefined, flags: GateFlags) => {
      const { gateAction } = await import('./gate-action.js');
      invocation.ended(await gateAction(target, flags, 'diff', invocation.heed()));
    });
}

function flagged(command: Command): Command {
  return command
    .argument(
      '[target]',
      'a folder with a target.yaml, in a git repository (default: .);\n' +
        'with --baseline also the name of a target (default: the one that was measured then)',
    )
    .option('--base <ref>', 'git ref to compare with')
    .option('--head <ref>', 'git ref that is new (default: the folder as it is)')
    .option('--base-command <command>', 'starts the old server on PORT, or {port}')
    .option('--head-command <command>', 'starts the new one')
    .option('--base-target <folder>', 'the old server, a folder with a target.yaml')
    .option('--head-target <folder>', 'the new one')
    .option('--base-url <url>', 'an old server that runs already')
    .option('--head-url <url>', 'a new one')
    .option('--insecure', 'of https URLs: accept certificates that cannot be verified')
    .option('--cacert <file>', 'of https URLs: who may have signed the certificates (PEM)')
    .option(
      '--path <path>',
      'what is asked for (default: / of a command; /plaintext of a target, or what it is ready by)',
    )
    .option('--scenario <file>', 'its requests are asked for instead; its phases take no part')
    .option(
      '--stream [format]',
      'read the responses as streams of events, and gate on TTFT, ITL and events/s as well:\n' +
        'sse, ndjson, or by their Content-Type (default)',
    )
    .option('-c, --connections <n>', 'to each server (default: 32)')
    .option('-R, --rate <rate>', 'at which latency is compared (default: 40 % of the base’s most)')
    .option(
      '--baseline <result>',
      'compare with a stored result instead: a file, a folder, or latest (of ./results).\n' +
        'The weaker method: fresh processes at different times',
    )
    .option('--trials <n>', 'with --baseline: how many now (default: as many as then, and 5)')
    .option(
      '--allow <metric=percent>',
      'change that is still a pass, such as p99=15% or startup=5%,10ms; may be repeated',
      collect,
    )
    .option(
      '--detect <metric=percent>',
      'a pass without proof: what must not have hidden (default: twice what is allowed)',
      collect,
    )
    .option('--strict', 'pass only what is proven to be within what is allowed')
    .option(
      '--budget <time>',
      'longest measurement (default: 3m, or up to 8m where ten pairs take longer)',
    )
    .option('--load-cpus <list>', 'CPUs of the load (default: half of them)')
    .option('--target-cpus <list>', 'CPUs of both servers (default: one of the other half)')
    .option('--markdown <file>', 'write the report for a pull request; - is standard output')
    .option('--junit <file>', 'write JUnit’s XML')
    .option('--no-live', 'on a terminal too, progress as a line for each pair')
    .option('--json', 'print the result document, and nothing else, on standard output')
    .option('-o, --output <dir>', 'keep the result in this folder');
}
