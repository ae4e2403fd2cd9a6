/**
 * Text of others (servers, manifests, results of other machines, names of files and refs) as it may
 * stand in a terminal, a log or a report: it can neither move the cursor, nor hide or reorder what
 * stands around it. One rule for all ways out.
 *
 * Whole control sequences (ECMA-48) are dropped. What else is not text shows as U+FFFD, so that
 * nobody takes one name for another: C0, DEL and C1, line and paragraph separators, and what turns
 * the direction of writing (Unicode TR 36, "Bidirectional text spoofing"), or has no width.
 */
export function printable(text: string): string {
  return text.replace(sequences, '').replace(unprintable, '\ufffd');
}

/** The same of a text that must stay on its line. */
export function printableLine(text: string): string {
  return printable(text.replace(/[\r\n]+/g, ' '));
}

const csi = String.raw`(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]`;
/** Titles, links and the like; one without an end may not take what follows along. */
const strings = String.raw`(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)`;
const single = String.raw`\x1b[ -/]*[0-~]`;
const sequences = new RegExp(`${csi}|${strings}|${single}`, 'g');

/** But for the tab, the end of a line, and a CR before one. */
const unprintable =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\r(?!\n)/g;
