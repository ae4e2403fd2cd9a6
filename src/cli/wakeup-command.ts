import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { WakeupFlags } from './wakeup-action.js';

const examples = `
Examples:
  c1m wakeup                             every program, about a minute
  c1m wakeup go java                     by runtime
  c1m wakeup wakeup-uvloop --tasks 10k,100k,200k
  c1m wakeup --cpus 0-1                  on two CPUs, where threads of the runtime wake each other
  c1m wakeup --targets ./programs        with your own (targets/PROGRAM.md says what they answer)`;

export function wakeupCommand(invocation: Invocation): Command {
  return new Command('wakeup')
    .summary('measure what the schedulers of several runtimes take, without a server')
    .description(
      'Measures the schedulers of several runtimes by themselves, without a server: two tasks that ' +
        'wake each other in turn, many tasks woken at once, start and join of a task, the lateness ' +
        'of timers, each with the context switches of the process; and the memory of parked tasks.',
    )
    .argument('[programs...]', 'names of programs, or runtimes: go, java, python, node')
    .option('--trials <n>', 'how often, each time in a fresh process (default: 3)')
    .option(
      '--tasks <list>',
      'counts of parked tasks, three at least for the bytes of one (default: 10k,100k,1M)',
    )
    .option('--cpus <list>', 'CPUs of the programs (default: one of them)')
    .option('--targets <dir...>', 'folders with further programs')
    .option('--memory-limit <limit>', 'of what is available: 80%, or 12GiB (default: 80%)')
    .option('--json', 'print the result document, and nothing else, on standard output')
    .option('-o, --output <dir>', 'where the result is kept', 'results')
    .addHelpText('after', examples)
    .action(async (names: string[], flags: WakeupFlags) => {
      const { wakeupAction } = await import('./wakeup-action.js');
      invocation.ended(await wakeupAction(names, flags, invocation.heed()));
    });
}
