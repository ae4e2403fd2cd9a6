import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Toolchains } from '../../dist/targets/toolchain.js';

/** Builds the server of known delays that c1m's own tests are held against; null without Go. */
export async function buildDelayServer(folder) {
  const toolchain = await new Toolchains().find({ name: 'go', minVersion: '1.21' });
  if (!toolchain.found) return null;
  const source = fileURLToPath(new URL('../../test/fixtures/delay-server.go', import.meta.url));
  const file = join(folder, 'delay-server');
  execFileSync(toolchain.commands.go, ['build', '-o', file, source], { stdio: 'inherit' });
  return file;
}
