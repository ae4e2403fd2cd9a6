/** From here on, making a view costs less than copying octet by octet. */
const many = 512;

/** Copies `source[from]` … `source[from + length − 1]`: what is short, without the view that Node makes of a part. */
export function copyOctets(
  source: Buffer,
  from: number,
  length: number,
  target: Uint8Array,
  at: number,
): void {
  if (length >= many) source.copy(target, at, from, from + length);
  else for (let i = 0; i < length; i++) target[at + i] = source[from + i]!;
}
