import { ConfigError } from '../basis/problem.js';
import { uringSupport } from '../uring/support.js';

/** For commands whose server is io_uring's. Throws a ConfigError with the reason and the remedy. */
export async function requireUring(command: string): Promise<void> {
  const support = await uringSupport();
  if (support.available) return;
  const message = `needs io_uring: ${support.reason}`;
  throw new ConfigError([{ where: command, message, remedy: `${support.remedy}.` }]);
}
