import type { Project } from './project.js';

/** As people would type it: `node server.js`. */
export function spoken(start: readonly string[]): string {
  return start.map((word) => word.replace(/^\{(node|python|java|go)\}$/, '$1')).join(' ');
}

/** The words of a command as it was typed; with what only a shell understands, a shell's. */
export function startWords(typed: string, { runtime }: Project): readonly string[] {
  const text = typed.trim();
  if (/[|&;<>()$`\\"'*?~#\n]|^\w+=/.test(text)) return ['sh', '-c', text];
  const [first = '', ...rest] = text.split(/\s+/);
  // The toolchain that c1m found for the target, whatever the PATH names.
  const own = first === 'python3' ? 'python' : first;
  return [own === runtime.name ? `{${own}}` : first, ...rest];
}
