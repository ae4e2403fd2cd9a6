import { z } from 'zod';
import type { Parsed, Written } from '../basis/units.js';

type Issues = z.core.$RefinementCtx;

/** Passes on a parser's value, or its complaint with the remedy beside it. */
export function taken<T>(parsed: Parsed<T>, issues: Issues, path: PropertyKey[] = []): T {
  if (parsed.ok) return parsed.value;
  issues.addIssue({
    code: 'custom',
    message: parsed.message,
    path,
    params: { remedy: parsed.remedy },
  });
  return z.NEVER;
}

/** What is neither text nor number is left to the parser's complaint. */
export function asWritten(value: unknown): Written {
  return typeof value === 'string' || typeof value === 'number'
    ? value
    : JSON.stringify(value ?? null);
}
