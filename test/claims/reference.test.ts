import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readClaims } from '../../dist/claims/catalog.js';
import type { Claim } from '../../dist/claims/claim.js';
import { measureClaims, type ClaimsObserver } from '../../dist/claims/claims.js';
import { needsOf } from '../../dist/claims/needs.js';
import type { ClaimResult } from '../../dist/results/claims.js';

const never = new AbortController().signal;
const observer: ClaimsObserver = {
  phase: () => undefined,
  progress: () => undefined,
  building: () => undefined,
  claim: () => undefined,
  turn: () => undefined,
  turned: () => undefined,
  failed: () => undefined,
  measured: () => undefined,
};

const claims = await readClaims([]);

/**
 * A single process of each arm, loads of a moment but where calls are counted, which the edges of a
 * phase are in, and of loads only those that decide something.
 */
function shortest(claim: Claim): Claim {
  const deciding = new Set(claim.conditions.flatMap(({ arm, over }) => [arm, over]));
  const arms = claim.arms.flatMap((arm): Claim['arms'][number][] => {
    if (arm.kind !== 'load') return [arm];
    if (!deciding.has(arm.name)) return [];
    const isMoment = arm.calls.length === 0;
    const phases = arm.scenario.phases.map((phase) =>
      isMoment ? { ...phase, durationMicros: 250e3 } : phase,
    );
    return [{ ...arm, scenario: { ...arm.scenario, phases, threads: null } }];
  });
  return { ...claim, arms, quickProcesses: 1 };
}

const measured = new Map<string, ClaimResult>();

/** Each is measured once, by the first test that asks. */
async function measure(
  claim: Claim,
  context: TestContext,
  missing: ReadonlyMap<string, string>,
): Promise<ClaimResult> {
  const lacking = missing.get(claim.name) ?? '';
  if (lacking !== '') {
    if (process.env['C1M_REQUIRE_ALL'] === '1') expect.fail(lacking);
    console.warn(`SKIPPED: ${claim.name}: ${lacking}`);
    return context.skip(lacking);
  }
  const known = measured.get(claim.name);
  if (known !== undefined) return known;
  const request = { claims: [shortest(claim)], quick: true, earlier: null };
  const { claims: found } = await measureClaims(request, observer, never);
  measured.set(claim.name, found[0]!);
  return found[0]!;
}

describe('the claims that come with c1m', () => {
  const missing = new Map<string, string>();
  beforeAll(async () => {
    for (const needs of await needsOf(claims)) {
      missing.set(needs.name, needs.missing.map(({ reason }) => reason).join('; '));
    }
  });

  it.for(claims.map((claim) => ({ name: claim.name, claim })))(
    '$name runs in its shortest form, and has a figure for each condition',
    async ({ claim }, context) => {
      const { arms, findings } = await measure(claim, context, missing);
      const failures = arms.flatMap(({ failures: each }) => each.map(({ reason }) => reason));
      // A load of a moment on a busy machine may not be valid, which is no fault of the claim's.
      if (claim.arms.every(({ kind }) => kind !== 'load')) expect(failures).toEqual([]);
      else expect(Math.max(...arms.map(({ runs }) => runs.length)), failures.join()).toBe(1);
      for (const { name, runs, failures: failed } of arms) {
        expect(runs.length + failed.length, name).toBe(1);
      }
      for (const { figure, arm, over } of findings) {
        for (const name of [arm, ...(over === null ? [] : [over])]) {
          const found = arms.find((each) => each.name === name)!;
          if (found.runs.length > 0) expect(found.runs[0]!.figures).toHaveProperty([figure]);
        }
      }
    },
  );

  it('goroutine-leak counts each goroutine that is left, by Go’s own count and in its profile', async (context) => {
    const claim = claims.find(({ name }) => name === 'goroutine-leak')!;
    const { arms } = await measure(claim, context, missing);
    const figures = arms.map(({ runs }) => runs[0]!.figures);
    expect(figures[0]).toMatchObject({ goroutinesPerOperation: 1, profiledPerOperation: 1 });
    expect(figures[1]).toMatchObject({ goroutinesPerOperation: 0, profiledPerOperation: 0 });
    // A goroutine's first stack has 2 KiB.
    expect(figures[0]!['bytesPerOperation']).toBeGreaterThan(2_048);
  });

  it('netpoller counts one write for each answer, as net/http does, where perf may count', async (context) => {
    const claim = claims.find(({ name }) => name === 'netpoller')!;
    const { arms } = await measure(claim, context, missing);
    const counted = arms.flatMap(({ runs }) =>
      runs.map(({ figures }) => figures['writePerRequest']),
    );
    const known = counted.filter((value) => value !== undefined);
    if (known.length === 0 && process.env['C1M_REQUIRE_ALL'] !== '1') {
      return context.skip('perf counts no system calls here');
    }
    // perf is told late of the edges of a phase, on a busy machine the more.
    const closest = Math.min(...known.map((value) => Math.abs(value - 1)));
    expect(closest, counted.join()).toBeLessThan(0.1);
  });

  it('event-bus sees what an interface allocates, and that generics do not', async (context) => {
    const claim = claims.find(({ name }) => name === 'event-bus')!;
    const { arms } = await measure(claim, context, missing);
    const [boxed, topic, bus] = arms.map(({ runs }) => runs[0]!.figures);
    // The event has 48 bytes, and the compiler's size class for it is 48.
    expect(boxed!['bytesPerOperation']).toBeCloseTo(48, 0);
    expect(boxed!['allocationsPerOperation']).toBeCloseTo(1, 2);
    for (const generic of [topic, bus]) {
      expect(generic!['allocationsPerOperation']).toBeLessThan(0.01);
    }
  });
});
