import { ConfigError } from '../basis/problem.js';

/** What flags are called as options, where the name is not simply in another case. */
const renamed: Readonly<Record<string, string>> = {
  'no-keepalive': 'keepalive: false',
  targets: 'targetFolders',
};

/** Does what may throw a ConfigError about flags, which then names options: `connectTimeout`. */
export async function namingOptions<T>(
  names: readonly string[],
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const asOptions = (text: string): string =>
      text.replace(/--([a-z][a-z0-9-]*)/g, (flag, name: string) => {
        const option = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
        return renamed[name] ?? (names.includes(option) ? option : flag);
      });
    throw new ConfigError(
      error.problems.map(({ where, message, remedy }) => ({
        where: asOptions(where),
        message: asOptions(message),
        remedy: asOptions(remedy),
      })),
    );
  }
}
