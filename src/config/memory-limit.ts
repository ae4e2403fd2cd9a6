import type { MemoryLimit } from '../basis/memory-limit.js';
import { parseBytes, type Parsed } from '../basis/units.js';

/** `80%` of the memory that is available, or an amount such as `12GiB`. */
export function parseMemoryLimit(written: string): Parsed<MemoryLimit> {
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(written.trim());
  if (share !== null) {
    const percent = Number(share[1]);
    if (percent > 0 && percent <= 100) {
      return { ok: true, value: { kind: 'share', share: percent / 100 } };
    }
  }
  const parsed = parseBytes(written);
  if (parsed.ok) return { ok: true, value: { kind: 'bytes', bytes: parsed.value } };
  return {
    ok: false,
    message: `"${written}" is neither a share nor an amount of memory`,
    remedy: 'Write a share of what is available such as 80%, or an amount such as 12GiB.',
  };
}
