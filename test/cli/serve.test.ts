import { expect, it } from 'vitest';
import { c1m } from '../fixtures/c1m.js';
import { hasUring } from '../fixtures/uring.js';

it.runIf(hasUring)('c1m serve listens at an IP address, and refuses what is none', async () => {
  const { code, stderr } = await c1m(['serve', '--host', 'localhost']);
  expect(code).toBe(2);
  expect(stderr).toContain('--host: "localhost" is not an IP address');
  const ports = await c1m(['serve', '--ports', '9200-9100']);
  expect(ports.code).toBe(2);
  expect(ports.stderr).toContain('--ports: "9200-9100"');
});
