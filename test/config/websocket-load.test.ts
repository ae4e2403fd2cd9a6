import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/basis/problem.js';
import { defaultMemoryLimit, toLoadPlan } from '../../src/config/load-plan.js';
import type { RunFlags } from '../../src/config/run-flags.js';
import { readRunRequest } from '../../src/config/run-request.js';
import { scenarioDocument } from '../../src/config/scenario-document.js';
import { parseScenario } from '../../src/config/scenario-file.js';
import { scenarioHash } from '../../src/config/scenario-hash.js';

const origin = { protocol: 'http:', hostname: 'a', address: '127.0.0.1', port: 80 } as const;
const settings = {
  ...{
    engine: 'net' as const,
    loadCpus: 1,
    userAgent: 'c1m',
    threads: 1,
    connectRatePerSecond: null,
  },
  ...{ localAddresses: null, memoryLimit: defaultMemoryLimit },
} as const;

async function told(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error('nothing is wrong with it');
  return error.problems.map(({ where, message }) => `${where}: ${message}`).join('\n');
}

const written = (more: string): string => `name: chat
protocol: websocket
${more}
phases: [{ duration: 1s, connections: 2 }]
`;

describe('--websocket, or protocol: websocket', () => {
  it('makes WebSockets of connections that no URL says it of', async () => {
    const url = 'http://a/chat';
    const flags: RunFlags = { websocket: true, body: 'hello' };
    const { scenario } = await readRunRequest(flags, [url]);
    expect(toLoadPlan(scenario, [origin], settings).origins).toEqual([
      { ...origin, webSocket: true },
    ]);
    const same = await parseScenario(written(`requests: [{ body: hello }]`), 'chat.yaml');
    expect(same.webSocket).toBe(true);
    expect(scenarioDocument(same)).toMatchObject({ protocol: 'websocket' });
    expect(scenarioHash(same, 'net')).not.toBe(scenarioHash({ ...same, webSocket: false }, 'net'));
  });

  it('is as a URL of ws:// in what does not go with it', async () => {
    const flags: RunFlags = { http2: true, stream: true, engine: 'undici' };
    const ofUrl = await told(readRunRequest(flags, ['ws://a/chat']));
    const ofFlag = await told(readRunRequest({ ...flags, websocket: true }, ['http://a/chat']));
    for (const where of ['--http2', '--stream', '--engine', '--body']) {
      expect(ofUrl).toContain(`${where}: `);
    }
    expect(ofFlag.split('\n').sort()).toEqual(ofUrl.split('\n').sort());
  });

  it('is told of with the line where a scenario breaks it', async () => {
    const text = written('http2: true\nrequests: [{ path: /chat }]');
    expect(await told(parseScenario(text, 'chat.yaml'))).toMatch(
      /^chat\.yaml:3:8: http2: c1m opens .*\nchat\.yaml:4:12: requests\[0\]\.body: a WebSocket is/,
    );
  });

  it('a fan-out asks for, of a target', async () => {
    const flags: RunFlags = { fanOut: true, body: '{seq}', rate: '10', connections: '4' };
    expect(await told(readRunRequest(flags, ['http://a/']))).toMatch(/^--fan-out: a fan-out is of/);
    await expect(
      readRunRequest({ ...flags, websocket: true }, ['http://a/']),
    ).resolves.toBeTruthy();
  });
});
