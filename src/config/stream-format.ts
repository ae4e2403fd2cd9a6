import { nearestName } from '../basis/nearest-name.js';
import type { Parsed } from '../basis/units.js';
import type { StreamFormat } from '../load/plan.js';

export const streamFormats = ['sse', 'ndjson', 'auto'] as const satisfies readonly StreamFormat[];

/** `true`: by the Content-Type. */
export function parseStreamFormat(written: string | boolean): Parsed<StreamFormat | null> {
  if (typeof written === 'boolean') return { ok: true, value: written ? 'auto' : null };
  const value = streamFormats.find((format) => format === written);
  if (value !== undefined) return { ok: true, value };
  const near = nearestName(written, streamFormats);
  return {
    ok: false,
    message: `"${written}" is no stream of events that c1m reads`,
    remedy:
      near === null
        ? 'Choose sse (text/event-stream), ndjson (lines of JSON), or auto: by the Content-Type.'
        : `Did you mean ${near}?`,
  };
}
