import { diagnose, diagnoseScheduling, diagnoseUring, type Finding } from '../doctor/doctor.js';
import { Toolchains } from '../targets/toolchain.js';
import { color } from './color.js';
import { shown, type Outcome } from './outcome.js';

export interface DoctorFlags {
  readonly json?: boolean;
}

const marks = {
  ok: color.green('✓'),
  warn: color.yellow('!'),
  bad: color.red('✗'),
  unknown: color.dim('?'),
};

/** What the reference servers need. */
const runtimes = [
  { name: 'go', minVersion: '1.22' },
  { name: 'java', minVersion: '21' },
  { name: 'python', minVersion: '3.10' },
  { name: 'node', minVersion: '20' },
] as const;

export async function doctorAction({ json }: DoctorFlags): Promise<Outcome> {
  const findings = [
    ...diagnose(),
    await diagnoseUring(),
    diagnoseScheduling(),
    ...(await toolchainFindings()),
  ];
  if (json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  return shown();
}

function line({ name, value, status, limits, remedy }: Finding): string {
  const head = `${marks[status]} ${color.bold(name)}  ${value ?? 'unknown'}`;
  return [head, color.dim(`    ${limits}`), ...(remedy === null ? [] : [`    → ${remedy}`])].join(
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
