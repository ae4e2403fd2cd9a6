import { afterEach, describe, expect, it } from 'vitest';
import { listening, okay, okayAndClose, type Listening } from '../fixtures/listening.js';
import { phaseOf } from '../fixtures/phase.js';
import { engines } from '../fixtures/uring.js';

let server: Listening | undefined;
afterEach(() => server?.close());

const missing = 'connections-not-established';
/** Once may be luck: what is being replaced at the end differs from run to run. */
const runs = [1, 2, 3];

describe.each(engines)('with the engine %s', (engine) => {
  it.each(runs)('a server that closes after each response is valid (run %i)', async () => {
    server = await listening((socket) => socket.end(okayAndClose));
    const phase = await phaseOf(server.url, { engine, duration: '400ms', connections: '50' });
    expect(phase.warnings.map(({ code }) => code)).not.toContain(missing);
    expect(phase.load.connections.failed).toBe(0);
    expect(phase.load.connections.opened).toBeGreaterThan(50);
  });

  it.each(runs)('one that closes after one response in a hundred is valid (run %i)', async () => {
    server = await listening((socket, request) => {
      if (request % 100 === 99) socket.end(okayAndClose);
      else socket.write(okay);
    });
    const phase = await phaseOf(server.url, { engine, duration: '400ms', connections: '50' });
    expect(phase.warnings.map(({ code }) => code)).not.toContain(missing);
    expect(phase.load.connections.failed).toBe(0);
  });

  it('a connection whose request timed out near the end has not failed to open', async () => {
    // One connection is never answered; its request runs into the timeout as the clock runs out.
    server = await listening((socket, request) => {
      if (request !== 0) setTimeout(() => socket.write(okay), 1);
    });
    const options = { engine, duration: '600ms', timeout: '595ms', connections: '5' };
    const { load, warnings } = await phaseOf(server.url, options);
    expect(load.errors).toEqual({ timeout: 1 });
    expect(load.connections.failed).toBe(0);
    expect(warnings.map(({ code }) => code)).not.toContain(missing);
  });

  it('ten requests of 2 ms give no verdict on the generator', async () => {
    server = await listening((socket) => setTimeout(() => socket.write(okay), 2));
    const phase = await phaseOf(server.url, { engine, requests: '10', connections: '10' });
    expect(phase.warnings).toEqual([]);
    expect(phase.generator.saturated).toBe(false);
  });

  it('responses that outlast the clock count towards Little’s law as far as it ran', async () => {
    server = await listening((socket) => setTimeout(() => socket.write(okay), 400));
    const phase = await phaseOf(server.url, { engine, duration: '900ms', connections: '20' });
    expect(phase.generator.littlesLawRatio).toBeGreaterThan(0.9);
    expect(phase.generator.littlesLawRatio).toBeLessThan(1.1);
    expect(phase.valid).toBe(true);
  });
});
