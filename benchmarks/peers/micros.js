const microsOf = { us: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };

/** Of a time as wrk prints it, such as "1.23ms". */
export function toMicros(written) {
  const match = /^([\d.]+)(us|ms|s|m|h)$/.exec(written ?? '');
  return match === null ? undefined : Number(match[1]) * microsOf[match[2]];
}
