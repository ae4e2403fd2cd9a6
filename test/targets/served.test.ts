import { describe, expect, it } from 'vitest';

import { ConfigError } from '../../src/basis/problem.js';
import { openScenario } from '../../src/config/scenario-catalog.js';
import type { Scenario } from '../../src/config/scenario.js';
import { readTargets } from '../../src/subject/words.js';
import { loadCatalog } from '../../src/targets/catalog.js';
import { manifestSchema } from '../../src/targets/manifest.js';
import { placedOn, unserved } from '../../src/targets/served.js';
import { targetFolder } from '../fixtures/target-folder.js';

const catalog = await loadCatalog();
const named = (name: string) => catalog.find(({ manifest }) => manifest.name === name)!;
const http = await openScenario('smoke');
const http2: Scenario = { ...http, http2: true };
const events = await openScenario('event-streams');
const messages = await openScenario('websocket-echo');
const fanOut = await openScenario('fan-out');

async function compared(names: readonly string[], load: Scenario): Promise<string[]> {
  return (await readTargets(names, [], load)).map(({ name }) => name);
}

async function refusals(names: readonly string[], load: Scenario): Promise<string[]> {
  const error = await readTargets(names, [], load).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw error;
  return error.problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`);
}

describe('what a target is asked for where nothing says what', () => {
  it.each([
    ['node-http', http, '/plaintext'],
    ['node-http2', http2, '/plaintext'],
    ['java-vt-httpserver', events, '/events/100'],
    ['node-ws', messages, '/ws'],
    ['python-aiohttp', fanOut, '/room'],
  ])('%s', (name, load, path) => {
    const { requests } = placedOn(load, named(name).manifest);
    expect(requests.map((request) => request.path)).toEqual([path]);
  });

  it('is the ready path of a server that keeps to no contract', () => {
    const manifest = manifestSchema.parse({
      name: 'own',
      description: 'a user’s own',
      runtime: { name: 'none' },
      start: ['serve'],
      ready: { path: '/up' },
      serves: [],
    });
    for (const load of [http, http2, events, messages, fanOut]) {
      expect(unserved({ manifest, folder: '' }, load)).toBeNull();
      expect(placedOn(load, manifest).requests[0]!.path).toBe('/up');
    }
  });

  it('leaves paths alone that are there', async () => {
    const { requests } = await openScenario('json-api');
    const placed = placedOn({ ...http, requests }, named('go-nethttp').manifest);
    expect(placed.requests).toEqual(requests);
  });
});

describe('a comparison', () => {
  it('takes of a group, or of all, those that answer the load', async () => {
    const nine = ['go-bare', 'go-nethttp', 'java-vt-bare', 'java-vt-httpserver', 'node-http'];
    expect(await compared([], http)).toEqual([
      ...nine,
      ...['node-net-bare', 'python-aiohttp', 'python-uvloop-bare', 'python-uvloop-protocol'],
    ]);
    expect(await compared([], http2)).toEqual(['go-nethttp', 'node-http2']);
    expect(await compared(['go', 'node'], messages)).toEqual(['go-nethttp', 'node-ws']);
    expect(await compared([], fanOut)).toEqual(['go-nethttp', 'node-ws', 'python-aiohttp']);
    expect(await compared([], { ...events, http2: true })).toEqual(['go-nethttp', 'node-http2']);
    expect(await compared(['java', 'node-http'], events)).toEqual([
      ...['java-vt-httpserver', 'node-http'],
    ]);
  });

  it('refuses what is named and cannot answer, and says who can', async () => {
    expect(await refusals(['go-nethttp', 'node-http'], http2)).toEqual([
      'node-http: does not speak HTTP/2. Take one of go-nethttp, node-http2.',
    ]);
    expect(await refusals(['node-ws', 'java'], messages)).toEqual([
      'java-vt-bare: has no WebSocket. Take one of go-nethttp, node-ws, python-aiohttp.',
      'java-vt-httpserver: has no WebSocket. Take one of go-nethttp, node-ws, python-aiohttp.',
    ]);
    expect(await refusals(['go-bare'], events)).toEqual([
      'go-bare: has no streams of events. Take one of go-nethttp, java-vt-httpserver, node-http, python-aiohttp.',
    ]);
    expect(await refusals(['node-http2'], http)).toEqual([
      'node-http2: speaks HTTP/2 alone. Ask for it: --http2, or http2: true in the scenario.',
    ]);
    expect(await refusals(['node-ws'], http)).toEqual([
      'node-ws: is there for its WebSockets. Ask for them: c1m run --websocket, or protocol: websocket in a scenario.',
    ]);
  });

  it('leaves it to a server that keeps to no contract what it answers', async () => {
    const own = targetFolder('my-server', '');
    const found = await readTargets(['my-server', 'node-ws'], [own], messages);
    expect(found.map(({ name }) => name)).toEqual(['my-server', 'node-ws']);
  });
});
