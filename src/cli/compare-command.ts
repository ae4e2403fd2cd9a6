import { Command, Option } from 'commander';
import { mostStreams } from '../config/scenario.js';
import { schedulingChoices } from '../scheduling/choice.js';
import { collect } from './repeated-flag.js';
import type { Invocation } from './invocation.js';
import type { CompareFlags } from './compare-action.js';

const examples = `
Examples:
  c1m compare                        all reference servers, three trials each
  c1m compare --quick                shorter, in some two minutes
  c1m compare go-bare node-http      these two
  c1m compare go java                by runtime
  c1m compare --http2                those that speak HTTP/2, over it
  c1m compare --scenario websocket-echo
                                     those with WebSockets, in messages a second
  sudo c1m compare --sched ebpf      with the delay until a target takes each request
  c1m compare --fail-if 'rssPeak<200MB' --fail-if 'bytesPerConnection<6kB' go-bare
                                     both must hold of every target, or it exits with 3
  c1m compare --targets ./servers    with your own, one folder each with a target.yaml`;

export function compareCommand(invocation: Invocation): Command {
  return new Command('compare')
    .description('build, start, load and measure servers of several runtimes, side by side')
    .argument('[targets...]', 'names of targets, or runtimes: go, java, python, node')
    .option('--quick', 'the short scenario, in half the time')
    .option('--scenario <file>', 'a scenario file, or the name of a built-in one')
    .option('--trials <n>', 'how often, each time in a fresh process')
    .option('--http2', 'over HTTP/2, by prior knowledge, the servers that speak it')
    .option(
      '--streams <n>',
      `with --http2: requests at once on each connection, 1 to ${mostStreams}`,
    )
    .addOption(
      new Option(
        '--sched <how>',
        'watch how each target is scheduled, in a trial of its own (default: auto, if the scenario says at what loads)',
      ).choices(schedulingChoices),
    )
    .option('--targets <dir...>', 'folders with further targets')
    .option('--load-cpus <list>', 'CPUs of the load (default: half of them)')
    .option('--target-cpus <list>', 'CPUs of the targets (default: the other half)')
    .option('--memory-limit <limit>', 'of what is available: 80%, or 12GiB (default: 80%)')
    .option(
      '--fail-if <condition>',
      "what must hold, such as 'p99<=20ms': if it does not, exit with 3; may be repeated",
      collect,
    )
    .option('--no-live', 'on a terminal too, progress as a line every five seconds')
    .option('--json', 'print the result document, and nothing else, on standard output')
    .option('-o, --output <dir>', 'where the result and the histograms are kept', 'results')
    .addHelpText('after', examples)
    .action(async (names: string[], flags: CompareFlags) => {
      const { compareAction } = await import('./compare-action.js');
      invocation.ended(await compareAction(names, flags, invocation.heed()));
    });
}
