import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findScenario, listScenarios, openScenario } from '../../src/config/scenario-catalog.js';
import { chooseEngine } from '../../src/config/engine-choice.js';
import type { Scenario } from '../../src/config/scenario.js';

const folder = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

/** Opening connections and starting the server apart. */
function secondsOf({ phases }: Scenario): number {
  return phases.reduce((sum, { durationMicros }) => sum + (durationMicros ?? 0), 0) / 1e6;
}

describe('the built-in scenarios', () => {
  it.each(files)('%s is valid, is named as its file, and says what it is for', async (file) => {
    const name = file.replace('.yaml', '');
    const scenario = await openScenario(name);
    expect(scenario.name).toBe(name);
    expect(scenario.description).not.toBe('');
    expect(scenario.phases.some(({ record }) => record)).toBe(true);
    const decision = chooseEngine(scenario, { available: true, setsOptions: true }, null);
    expect(decision).toEqual({ name: 'uring', reason: null });
  });

  it('are listed by name', async () => {
    const entries = await listScenarios();
    expect(entries.map(({ name }) => name)).toEqual([
      ...[
        'churn',
        'compare',
        'compare-quick',
        'demo',
        'event-streams',
        'fan-out',
        'idle-hold',
        'json-api',
        'million-connections',
      ],
      ...['ramp', 'smoke', 'soak', 'spike', 'staircase', 'websocket-echo', 'wrk-client'],
    ]);
    expect(entries.every(({ description, file }) => description !== '' && file !== '')).toBe(true);
  });

  it.each([
    ['compare', 9, 3],
    ['compare-quick', 3.7, 3],
  ])('%s takes at most %d seconds a trial, in %d trials', async (name, seconds, trials) => {
    const scenario = await openScenario(name);
    expect(secondsOf(scenario)).toBeLessThanOrEqual(seconds);
    expect(scenario.trials).toBe(trials);
  });

  it.each(['compare', 'compare-quick'])(
    '%s holds idle connections in growing numbers before it loads the server',
    async (name) => {
      const { phases } = await openScenario(name);
      const recorded = phases.filter(({ record }) => record);
      expect(recorded.map(({ arrival }) => arrival.kind)).toEqual([
        ...['idle', 'idle', 'idle', 'closed', 'open'],
      ]);
      const holds = recorded.slice(0, 3).map(({ connections }) => connections.to);
      expect(holds).toEqual(holds.toSorted((a, b) => a - b));
    },
  );
});

describe('--scenario', () => {
  it('takes the name of a built-in scenario, or a path', async () => {
    const byName = await findScenario('smoke');
    expect(await findScenario(byName)).toBe(byName);
  });

  it('suggests the built-in scenario that a misspelled name resembles', async () => {
    await expect(openScenario('stair-case')).rejects.toThrow(
      '--scenario: there is no scenario "stair-case", neither built in nor as a file\n' +
        '  Did you mean staircase?',
    );
    await expect(openScenario('nothing/like.yaml')).rejects.toThrow(
      /Built in are churn, compare, compare-quick, .*, websocket-echo, wrk-client\./,
    );
  });
});
