import { Libc } from '../uring/libc.js';
import { OpenSsl } from './openssl.js';
import { MemoryBios } from './memory-bios.js';

/** Whether TLS over memory works in this process, found out by doing so. */
type TlsSupport =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

let support: Promise<TlsSupport> | undefined;

/** Asked once for the process; takes about a millisecond and leaves nothing behind. */
export function tlsSupport(): Promise<TlsSupport> {
  support ??= findOut();
  return support;
}

async function findOut(): Promise<TlsSupport> {
  let libc;
  let openssl;
  try {
    libc = await Libc.load();
    openssl = await OpenSsl.load();
  } catch {
    return no('koffi is missing, or this Node does not export its OpenSSL');
  }
  const bios = new MemoryBios(openssl, libc);
  try {
    return bios.behave() ? { available: true } : no('this OpenSSL’s memory BIOs are others');
  } finally {
    bios.free();
  }
}

function no(reason: string): TlsSupport {
  return { available: false, reason, remedy: 'Use a Node from nodejs.org, with koffi' };
}
