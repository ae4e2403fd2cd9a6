import { constants, release } from 'node:os';
import { readFileSync } from 'node:fs';
import { Operation } from './abi.js';
import { BufferRing } from './buffer-ring.js';
import { Libc, SystemError } from './libc.js';
import { Ring } from './ring.js';

/** Whether this process can use io_uring, found out by doing so. */
type UringSupport =
  | {
      readonly available: true;
      /** setsockopt(2) on a place of a ring's table: from Linux 6.7 on. */
      readonly setsOptions: boolean;
    }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

let support: Promise<UringSupport> | undefined;

/** Asked once for the process; takes a few milliseconds and leaves nothing behind. */
export function uringSupport(): Promise<UringSupport> {
  support ??= findOut();
  return support;
}

async function findOut(): Promise<UringSupport> {
  if (process.platform !== 'linux') return no('io_uring is Linux’s', 'Run on Linux ≥ 6.1');
  let libc;
  try {
    libc = await Libc.load();
  } catch {
    return no(
      'the package koffi is not installed, or not for this platform',
      'Install without --omit=optional',
    );
  }
  try {
    const ring = new Ring(libc, { submissions: 8, completions: 16, files: 2 });
    try {
      new BufferRing(libc, ring, 2, 64).free();
      if (ring.supports(Operation.SOCKET)) return { available: true, setsOptions: isFrom67() };
      return tooOld;
    } finally {
      ring.close();
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return refusal(error);
  }
}

/** Why a ring could not be made: io_uring_setup(2), ERRORS. */
function refusal({ errno, message }: SystemError): UringSupport {
  switch (errno) {
    case constants.errno.ENOSYS:
      return no('this kernel has no io_uring, or a sandbox hides it', 'Allow it, or Linux ≥ 6.1');
    case constants.errno.EPERM:
      return isDisabled()
        ? no('kernel.io_uring_disabled forbids it', 'sudo sysctl -w kernel.io_uring_disabled=0')
        : no('a seccomp filter forbids it', 'Docker: --security-opt seccomp=unconfined');
    case constants.errno.EINVAL:
      return tooOld;
    case constants.errno.ENOMEM:
      return no('too little memory may be locked (ulimit -l)', 'Raise ulimit -l to 64 MiB');
    default:
      return no(message, 'Use --engine net');
  }
}

const tooOld = no('the kernel is older than Linux 6.1', 'Update the kernel');

/** The kernel does not tell which commands it knows for sockets. */
function isFrom67(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 7);
}

function isDisabled(): boolean {
  try {
    return readFileSync('/proc/sys/kernel/io_uring_disabled', 'latin1').trim() !== '0';
  } catch {
    return false;
  }
}

function no(reason: string, remedy: string): UringSupport {
  return { available: false, reason, remedy };
}
