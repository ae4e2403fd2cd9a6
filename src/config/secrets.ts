/**
 * What of a load may be kept and shown. Results, reports and messages are sent on to others, and
 * nobody can list what names people give to secrets: so only what is known to be harmless is kept,
 * and of the rest the name. The load itself, and its hash, are made of the real values.
 */
const notKept = '…';

/** Headers whose values say what is asked for, and not by whom. */
const harmless = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-language',
  'content-type',
  'dnt',
  'expect',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'max-forwards',
  'pragma',
  'range',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade-insecure-requests',
  'user-agent',
]);

export function keptHeader(name: string, value: string): string {
  return harmless.has(name.trim().toLowerCase()) ? value : notKept;
}

/** `Name: value` as it is typed; a line without a name is all value. */
export function keptHeaderLine(line: string): string {
  const colon = line.indexOf(':');
  if (colon <= 0) return notKept;
  const name = line.slice(0, colon);
  return keptHeader(name, '') === notKept ? `${name}: ${notKept}` : line;
}

/** The length of a body, and what it claims to be. */
export function keptBody(
  body: string | Uint8Array,
  headers: readonly (readonly [name: string, value: string])[],
): string {
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return `${bytes} bytes${type === undefined ? '' : ` of ${type}`}`;
}

/**
 * A path, or a URL, without user and password, and with the names of its parameters alone. A value
 * that is nothing but placeholders, such as {seq}, is none of the user's.
 */
export function keptUrl(written: string): string {
  const start = scheme.exec(written)?.[0] ?? '';
  if (hidesItsHost(written, start)) {
    return `${start}${notKept}@${keptUrl(written.slice(written.lastIndexOf('@') + 1))}`;
  }
  const [, place = '', query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(written) ?? [];
  const kept = place
    .replace(/^([a-z][a-z0-9+.-]*:\/\/|\/\/)?[^/]*@/i, `$1${notKept}@`)
    .replace(
      /;([^;/=]*)=([^;/]*)/g,
      (_, name: string, value: string) => `;${name}=${keptValue(value)}`,
    );
  return `${kept}${query === undefined ? '' : keptQuery(query)}${fragment === undefined ? '' : `#${notKept}`}`;
}

function keptQuery(query: string): string {
  const pairs = query.slice(1).split('&');
  const kept = pairs.map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? keptValue(pair) : `${pair.slice(0, at)}=${keptValue(pair.slice(at + 1))}`;
  });
  return `?${kept.join('&')}`;
}

function keptValue(value: string): string {
  return /^(\{[^{}]*\})*$/.test(value) ? value : notKept;
}

const scheme = /^[a-z][a-z0-9+.-]*:\/\/|^\/\//i;

/**
 * Whether what stands for host and port is none, since the password before it holds a sign that ends
 * it. Nobody knows where that password ends: all before the last @ may be it.
 */
function hidesItsHost(written: string, start: string): boolean {
  if (!written.includes('@') || (start === '' && written.startsWith('/'))) return false;
  const rest = written.slice(start.length);
  const authority = /^[^/?#]*/.exec(rest)![0];
  if (start === '' && !/^[^/?#]*:[^/?#]+[/?#].*@/s.test(rest)) return false;
  return !URL.canParse(`http://${authority}/`);
}

/** Options of commands whose next word is a secret, by their usual names. */
const secretOption = /^--?[\w-]*(pass|pwd|secret|token|key|auth|cred|cookie)[\w-]*$/i;

/** The command of a server: what it assigns, and gives its options, is left out. */
export function keptCommand(command: string): string {
  let secret = false;
  return command.replace(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/gs, (word) => {
    if (secret && !word.startsWith('-')) {
      secret = false;
      return notKept;
    }
    secret = secretOption.test(word);
    const assigned = /^(--?[\w.-]+|\w+)=(.*)$/s.exec(word);
    if (assigned !== null) return `${assigned[1]!}=${keptValue(assigned[2]!)}`;
    return keptUrl(word);
  });
}

/** What was typed after `c1m`, to be kept with what it measured. */
export function keptWords(words: readonly string[]): string[] {
  return words.map((word, i) => {
    const flag = flagBefore(words[i - 1]);
    if (flag !== null) return kept(flag, word);
    const long = /^(--[\w-]+)=(.*)$/s.exec(word);
    if (long !== null) return `${long[1]!}=${kept(long[1]!, long[2]!)}`;
    const short = /^(-[a-z]*H)(.+)$/s.exec(word);
    return short === null ? keptUrl(word) : `${short[1]!}${keptHeaderLine(short[2]!)}`;
  });
}

/** The flag whose value comes next, as far as that is not shown as it is. */
function flagBefore(word = ''): string | null {
  if (/^-[a-z]*H$/.test(word)) return '--header';
  return /^--(header|body|start|\w+-command)$/.test(word) ? word : null;
}

function kept(flag: string, value: string): string {
  if (flag === '--header') return keptHeaderLine(value);
  if (flag === '--body') return notKept;
  if (flag === '--start' || flag.endsWith('-command')) return keptCommand(value);
  return flags.has(flag) ? keptUrl(value) : notKept;
}

/** Flags that c1m has, and no secret is given with. What it does not know may be one mistyped. */
const flags = new Set(
  'action allow base base-target base-url baseline body-file budget connect-rate connect-timeout connections cpus csv deadline duration engine engines fail-if head head-target head-url hgrm host html junit load-cpus local-ips markdown memory-limit method metric output pairs path pid port ports prometheus proxy-protocol rate requests scenario sched seed streams target target-cpus targets threads timeout trials unix warmup'
    .split(' ')
    .map((name) => `--${name}`),
);
