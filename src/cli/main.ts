import { Command, CommanderError } from 'commander';
import { keptWords } from '../config/secrets.js';
import { ConfigError } from '../config/problem.js';
import { NothingMeasuredError } from '../experiment/nothing-measured-error.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { exitCodes } from './exit-codes.js';
import { calibrateCommand } from './calibrate-command.js';
import { compareCommand } from './compare-command.js';
import { demoCommand } from './demo-command.js';
import { doctorCommand } from './doctor-command.js';
import { diffCommand, gateCommand } from './gate-command.js';
import { historyCommand } from './history-command.js';
import { initCommand } from './init-command.js';
import { printOnlyText } from './printing.js';
import { reportCommand } from './report-command.js';
import { runCommand } from './run-command.js';
import { scenariosCommand } from './scenarios-command.js';
import { serveCommand } from './serve-command.js';
import { targetsCommand } from './targets-command.js';
import { wakeupCommand } from './wakeup-command.js';

/**
 * The only place that decides exit codes, handles signals and prints errors. What a command does is
 * loaded when it is called (`*-action.ts`), so that --version and --help need not wait for it.
 */

printOnlyText(process.stdout);
printOnlyText(process.stderr);

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first lets what was measured be reported; the second leaves at once.
    if (interrupt.signal.aborted) process.exit(exitCodes.interrupted);
    interrupt.abort();
  });
}

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.success);
});

const program = new Command('c1m')
  .description('Load testing with honest latency: many keep-alive connections from worker threads.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError })
  .addHelpText(
    'after',
    '\nExamples:\n  c1m run http://localhost:8080/\n  c1m compare --quick go node\n  c1m run --help',
  );

const { signal } = interrupt;
for (const command of [
  demoCommand(signal),
  runCommand(signal),
  compareCommand(signal),
  initCommand(signal),
  gateCommand(signal),
  diffCommand(signal),
  wakeupCommand(signal),
  reportCommand(),
  historyCommand(),
  targetsCommand(signal),
  scenariosCommand(),
  doctorCommand(),
  serveCommand(signal),
  calibrateCommand(signal),
]) {
  program.addCommand(throwing(command));
}

try {
  if (process.argv.length > 2) await program.parseAsync();
  else process.stdout.write((await import('./first-screen.js')).firstScreen());
} catch (error) {
  process.exitCode = await explain(error);
}

async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (saysInterrupted(error)) {
    console.error(new NothingMeasuredError(false).message);
    return exitCodes.interrupted;
  }
  const { errorColor } = await import('./color.js');
  console.error(errorColor.red(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error && error.cause instanceof Error)
    console.error(`  ${error.cause.message}`);
  if (error instanceof TargetError && error.remedy !== undefined)
    console.error(`  ${error.remedy}`);
  const usage =
    error instanceof ConfigError || (error instanceof Error && error.name === 'RequestError');
  return usage ? exitCodes.usage : exitCodes.failure;
}

/** Ctrl-C came before there was anything to report: while a target was built, started or tried. */
function saysInterrupted(error: unknown): boolean {
  if (error instanceof NothingMeasuredError) return !error.serverDied;
  if (error instanceof TargetError) return error.kind === 'aborted';
  return error === interrupt.signal.reason;
}

/** Commander quotes what was typed. */
function outputError(text: string, write: (text: string) => void): void {
  write(text.replace(/'(.*?)'/gs, (_, word: string) => `'${keptWords([word]).join('')}'`));
}

/** Commander would leave the process by itself, past what is still to be closed. */
function throwing(command: Command): Command {
  for (const child of command.commands) throwing(child);
  return command.exitOverride().configureOutput({ outputError });
}
