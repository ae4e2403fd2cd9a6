import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defaultMemoryLimit } from '../../src/config/load-plan.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { contenderOf, type Contender } from '../../src/duet/contender.js';
import { measurePair, type DuetSetting } from '../../dist/duet/pair-measurement.js';
import { hasInstrument } from '../measure/measured-process.js';

const { signal } = new AbortController();
const script = fileURLToPath(new URL('../fixtures/compiling.py', import.meta.url));
const closed = { startUps: false, holds: false, closed: true, open: false };

/** With a thread that is named as a compiler's, and works for seconds of CPU. */
function compiling(seconds: number): Promise<Contender> {
  const command = `python3 ${script} ${seconds}`;
  return contenderOf({ kind: 'command', name: 'it', command, path: '/', where: '--x' }, signal);
}

async function settingWith(mostSeconds: number): Promise<DuetSetting> {
  const { scenario } = await readRunRequest({}, ['http://127.0.0.1:1/']);
  const load = { connections: 2, heldConnections: 4, ratePerSecond: 50 };
  return {
    scenario,
    load: { ...load, sliceMicros: 100e3, blocks: 1 },
    settings: {
      ...{ engine: 'net', threads: 1, connectRatePerSecond: null },
      ...{ localAddresses: null, memoryLimit: defaultMemoryLimit, loadCpus: 1, userAgent: 'c1m' },
    },
    warmUp: { cpus: [], mostSeconds },
    ...{ targetCpus: [], asideCpus: null, spin: false, countedEvent: null, random: () => 0.3 },
  };
}

describe.runIf(process.platform === 'linux' && hasInstrument('python3', '--version'))(
  'warming up',
  () => {
    it('goes on until the compilers have nothing more to do', async () => {
      const contenders = { base: await compiling(1), head: await compiling(3) };
      const { warmedUp } = await measurePair(contenders, await settingWith(60), closed, signal);
      expect(warmedUp!.doubt).toBeNull();
      // Of one CPU, and of the two that work at once the longer.
      expect(warmedUp!.seconds).toBeGreaterThan(2.5);
    });

    it('has an end where they never rest, and says who does not', async () => {
      const contenders = { base: await compiling(0), head: await compiling(600) };
      const { warmedUp, closed: slices } = await measurePair(
        contenders,
        await settingWith(3),
        closed,
        signal,
      );
      expect(warmedUp!.doubt).toMatch(
        /^after \d+ s of warm-up the compilers of head still wanted \d+ % of a CPU/,
      );
      expect(slices.length).toBeGreaterThan(0);
    });
  },
);
