import { Command, CommanderError } from 'commander';
import { keptWords } from '../config/secrets.js';
import { ConfigError } from '../basis/problem.js';
import { NothingMeasuredError } from '../experiment/nothing-measured-error.js';
import { TargetError } from '../targets/target-error.js';
import { version } from '../version.js';
import { exitCodes } from './exit-codes.js';
import { Invocation } from './invocation.js';
import { orFailure, shown, type Outcome } from './outcome.js';
import { guardStandardStreams } from './standard-streams.js';
import { calibrateCommand } from './calibrate-command.js';
import { claimsCommand } from './claims-command.js';
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
 * The only place that decides exit codes and prints errors. What a command does is loaded when it is
 * called (`*-action.ts`), so that --version and --help need not wait for it.
 */

const streams = guardStandardStreams();
printOnlyText(process.stdout);
printOnlyText(process.stderr);
const invocation = new Invocation();

const program = new Command('c1m')
  .description('Load testing with honest latency: many keep-alive connections from worker threads.')
  .version(version)
  .exitOverride()
  .configureOutput({ outputError })
  .addHelpText(
    'after',
    '\nExamples:\n  c1m run http://localhost:8080/\n  c1m compare --quick go node\n  c1m run --help',
  );

// What runs left that were killed: before anything else is made.
program.hook('preAction', async () => (await import('./sweep.js')).sweep());

for (const command of [
  demoCommand(invocation),
  runCommand(invocation),
  compareCommand(invocation),
  initCommand(invocation),
  gateCommand(invocation),
  diffCommand(invocation),
  wakeupCommand(invocation),
  claimsCommand(invocation),
  reportCommand(invocation),
  historyCommand(invocation),
  targetsCommand(invocation),
  scenariosCommand(invocation),
  doctorCommand(invocation),
  serveCommand(invocation),
  calibrateCommand(invocation),
]) {
  program.addCommand(throwing(command));
}

process.exitCode = await exitCode(await conclude());

async function conclude(): Promise<Outcome> {
  try {
    if (process.argv.length > 2) await program.parseAsync();
    else process.stdout.write((await import('./first-screen.js')).firstScreen());
    return invocation.outcome;
  } catch (error) {
    return shown(await explain(error));
  }
}

/** Output that is lost is a failure where it was what the command was called for. */
async function exitCode({ code, doneUnseen }: Outcome): Promise<number> {
  await streams.flushed();
  return orFailure(code, streams.isOutputLost() && !doneUnseen);
}

async function explain(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (saysInterrupted(error)) {
    say(new NothingMeasuredError(false).message);
    return exitCodes.interrupted;
  }
  const { errorColor } = await import('./color.js');
  say(errorColor.red(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error && error.cause instanceof Error) say(`  ${error.cause.message}`);
  if (error instanceof TargetError && error.remedy !== undefined) say(`  ${error.remedy}`);
  const usage =
    error instanceof ConfigError || (error instanceof Error && error.name === 'RequestError');
  return usage ? exitCodes.usage : exitCodes.failure;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Ctrl-C came before there was anything to report: while a target was built, started or tried. */
function saysInterrupted(error: unknown): boolean {
  if (error instanceof NothingMeasuredError) return !error.serverDied;
  if (error instanceof TargetError) return error.kind === 'aborted';
  return invocation.isInterrupt(error);
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
