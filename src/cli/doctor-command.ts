import chalk from 'chalk';
import { Command } from 'commander';
import { diagnose, type Finding } from '../measure/doctor.js';
import { Toolchains } from '../targets/toolchain.js';

const marks = {
  ok: chalk.green('✓'),
  warn: chalk.yellow('!'),
  bad: chalk.red('✗'),
  unknown: chalk.dim('?'),
};

/** What the reference servers need. */
const runtimes = [
  { name: 'go', minVersion: '1.22' },
  { name: 'java', minVersion: '21' },
  { name: 'python', minVersion: '3.10' },
  { name: 'node', minVersion: '20' },
] as const;

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('what of this machine limits a load test, and the remedy')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExamples:\n  c1m doctor\n  c1m doctor --json')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = [...diagnose(), ...(await toolchainFindings())];
      if (json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
      else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
    });
}

function line({ name, value, status, limits, remedy }: Finding): string {
  const head = `${marks[status]} ${chalk.bold(name)}  ${value ?? 'unknown'}`;
  return [head, chalk.dim(`    ${limits}`), ...(remedy === null ? [] : [`    → ${remedy}`])].join(
    '\n',
  );
}

async function toolchainFindings(): Promise<Finding[]> {
  const toolchains = new Toolchains();
  return Promise.all(
    runtimes.map(async (runtime): Promise<Finding> => {
      const found = await toolchains.find(runtime);
      const limits = `The ${runtime.name} servers of \`c1m compare\` need ${runtime.name} ≥ ${runtime.minVersion}`;
      return found.found
        ? { name: runtime.name, value: found.version, status: 'ok', limits, remedy: null }
        : { name: runtime.name, value: found.reason, status: 'warn', limits, remedy: found.remedy };
    }),
  );
}
