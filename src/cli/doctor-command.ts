import { Command } from 'commander';
import type { Invocation } from './invocation.js';
import type { DoctorFlags } from './doctor-action.js';

export function doctorCommand(invocation: Invocation): Command {
  return new Command('doctor')
    .description('what of this machine limits a load test, and the remedy')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExamples:\n  c1m doctor\n  c1m doctor --json')
    .action(async (flags: DoctorFlags) => {
      const { doctorAction } = await import('./doctor-action.js');
      invocation.ended(await doctorAction(flags));
    });
}
