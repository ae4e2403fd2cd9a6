import { startTarget } from '../../subject/start-target.js';
import type { BuiltTarget } from '../../targets/build.js';
import type { ArmSetting, Readings } from './setting.js';

/** From the exec of the program to its first answer, in microseconds; and the bytes of what is deployed. */
export async function measureStart(
  built: BuiltTarget,
  { split, signal }: ArmSetting,
): Promise<Readings> {
  const server = await startTarget(built, { cpus: split.target, signal });
  await server.stop();
  return {
    artifact: built.artifactBytes,
    ...(server.startupMs === null ? {} : { startup: server.startupMs * 1000 }),
  };
}
