import type { ClaimArm, ClaimResult, ClaimsResult, VerdictKind } from '../../results/claims.js';

export const verdictWords: Readonly<Record<VerdictKind, string>> = {
  holds: 'holds',
  'does-not-hold': 'does not hold',
  'holds-in-part': 'holds in part',
  'cannot-be-told': 'cannot be told',
  'cannot-be-measured': 'cannot be measured here',
};

/** "5 claims: 2 hold, 1 does not hold, 2 cannot be told" */
export function summaryOf(claims: readonly ClaimResult[]): string {
  const counts = Object.entries(verdictWords).flatMap(([kind, words]) => {
    const count = claims.filter(({ verdict }) => verdict.kind === kind).length;
    if (count === 0) return [];
    return [
      `${count} ${count === 1 ? words : words.replace(/^holds/, 'hold').replace('does', 'do')}`,
    ];
  });
  const many = `${claims.length} ${claims.length === 1 ? 'claim' : 'claims'}`;
  return counts.length === 0 ? 'No claim was measured' : `${many}: ${counts.join(', ')}`;
}

/** What kept runs from being measured, and what was interrupted. */
export function notesOf({ arms, finishedAt }: ClaimResult): string[] {
  return [
    ...(finishedAt === null
      ? ['It was interrupted: c1m claims --resume measures it again and goes on.']
      : []),
    ...arms.flatMap(armNotes),
  ];
}

function armNotes({ name, skipped, failures, runs }: ClaimArm): string[] {
  const [first] = failures;
  return [
    ...(skipped === null ? [] : [`${name} is left out: ${skipped.reason}. ${skipped.remedy}`]),
    ...(first === undefined
      ? []
      : [
          `${failures.length} of ${failures.length + runs.length} processes of ${name} failed: ${first.reason} ${first.remedy}`,
        ]),
  ];
}

/** "up to 10 fresh processes each, by turns; median and 95 % interval" */
export function methodOf({ processes, arms }: ClaimResult): string {
  if (arms.every(({ kind }) => kind === 'image')) return 'the files of one build each';
  return `up to ${processes} fresh processes each, by turns; median and 95 % interval`;
}

/** Those that were asked for and are not there. */
export function missingOf({ settings, claims }: ClaimsResult): string[] {
  const names = settings.asked.map(({ name }) => name);
  return names.filter((asked) => !claims.some(({ name }) => name === asked));
}

/** Where it was measured. */
export function originOf({ id, host, cpus, tool }: ClaimsResult): string {
  const where = cpus.target === null ? '' : `, targets on CPU ${cpus.target}`;
  return `${id}: ${host.cpus} CPUs (${host.cpuModel})${where}, ${host.os}, kernel ${host.kernel}, c1m ${tool.version}`;
}
