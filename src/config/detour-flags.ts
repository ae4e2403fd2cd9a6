import { isIP } from 'node:net';
import type { Parsed } from '../basis/units.js';
import type { ConnectTo, Detours, KnownAddresses } from '../load/detours.js';
import type { FlagReader } from './flag-reader.js';

/** The flags that lead connections elsewhere, as they were typed; each may be given several times. */
export interface DetourFlags {
  readonly connectTo?: readonly string[] | undefined;
  readonly resolve?: readonly string[] | undefined;
}

export function readDetours({ connectTo, resolve }: DetourFlags, flag: FlagReader): Detours {
  return {
    connectTo: readAll('--connect-to', connectTo, parseConnectTo, flag),
    resolve: readAll('--resolve', resolve, parseResolve, flag),
  };
}

function readAll<T>(
  name: string,
  written: readonly string[] | undefined,
  parse: (written: string) => Parsed<T>,
  flag: FlagReader,
): T[] {
  return (written ?? []).flatMap((one) => {
    const parsed = flag.accept(name, parse(one));
    return parsed === null ? [] : [parsed];
  });
}

/** `HOST:PORT:HOST:PORT`; what is left empty is any, or the same. */
function parseConnectTo(written: string): Parsed<ConnectTo> {
  const parts = partsOf(written);
  const [host, port, toHost, toPort] = parts;
  const ports = [port, toPort].map((part) => portOf(part ?? 'none'));
  if (parts.length !== 4 || ports.includes(undefined)) {
    return wrong(written, 'example.com:443:127.0.0.1:8443');
  }
  return {
    ok: true,
    value: { host: nameOf(host), port: ports[0]!, toHost: nameOf(toHost), toPort: ports[1]! },
  };
}

/** `HOST:PORT:ADDRESS[,ADDRESS]`; the host `*` is any. */
function parseResolve(written: string): Parsed<KnownAddresses> {
  // A `+` before it makes the entry of curl's cache expire; here nothing does.
  const [host = '', port, ...rest] = partsOf(written.replace(/^\+/, ''));
  const at = portOf(port ?? 'none');
  const addresses = rest.join(':').split(',').map(withoutBrackets);
  const isComplete = host !== '' && at !== undefined && at !== null;
  if (!isComplete || addresses.some((address) => isIP(address) === 0)) {
    return wrong(written, 'example.com:443:127.0.0.1');
  }
  return { ok: true, value: { host: host === '*' ? null : nameOf(host), port: at, addresses } };
}

/** Between colons that do not stand in brackets. */
function partsOf(written: string): string[] {
  return written.split(/:(?![^[]*\])/);
}

function withoutBrackets(text: string): string {
  return text.trim().replace(/^\[|\]$/g, '');
}

function nameOf(part: string | undefined): string | null {
  const name = withoutBrackets(part ?? '').toLowerCase();
  return name === '' ? null : name;
}

/** null: any; undefined: it is none. */
function portOf(part: string): number | null | undefined {
  if (part === '') return null;
  const port = Number(part);
  return /^\d+$/.test(part) && port >= 1 && port <= 65_535 ? port : undefined;
}

function wrong(written: string, example: string): Parsed<never> {
  return {
    ok: false,
    message: `"${written}" does not say from where to where`,
    remedy: `Write it as curl has it, such as ${example}.`,
  };
}
