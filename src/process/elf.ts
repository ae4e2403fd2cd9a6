import { existsSync } from 'node:fs';
import { endianness } from 'node:os';

/** The e_machine of each of Node's architectures (elf.h). */
const machines: Readonly<Partial<Record<NodeJS.Architecture, number>>> = {
  x64: 62,
  arm64: 183,
  ia32: 3,
  arm: 40,
  ppc64: 21,
  s390x: 22,
  riscv64: 243,
  loong64: 258,
};
const i386 = 3;
const arm = 40;

const executable = 2;
const positionIndependent = 3;
const load = 1;
const interpreter = 3;

export function isElf(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));
}

/**
 * What is wrong with an ELF file, as the kernel checks it before it runs one (binfmt_elf.c), and
 * whether all that is to be loaded is there; null where nothing is.
 * @param head its first bytes
 */
export function elfFault(head: Buffer, fileBytes: number): string | null {
  const wide = head[4] === 2;
  if (head.length < (wide ? 64 : 52)) return 'is cut off: it ends in its header';
  if (head[5] !== (endianness() === 'LE' ? 1 : 2)) return otherMachine;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const little = head[5] === 1;
  const half = (at: number): number => view.getUint16(at, little);
  const address = (at: number): number =>
    wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  if (!runsHere(half(18))) return otherMachine;
  if (half(16) !== executable && half(16) !== positionIndependent) {
    return 'is no program, but an object file or the like';
  }
  const tableAt = address(wide ? 32 : 28);
  const entryBytes = half(wide ? 54 : 42);
  const entries = half(wide ? 56 : 44);
  if (entryBytes !== (wide ? 56 : 32) || entries === 0) return 'is damaged: it cannot be loaded';
  if (tableAt + entries * entryBytes > fileBytes) return cutOff(fileBytes);
  for (let i = 0; i < entries; i++) {
    const at = tableAt + i * entryBytes;
    if (at + entryBytes > head.length) return null;
    const kind = view.getUint32(at, little);
    if (kind !== load && kind !== interpreter) continue;
    const end = address(at + (wide ? 8 : 4)) + address(at + (wide ? 32 : 16));
    if (end > fileBytes) return cutOff(fileBytes);
  }
  return null;
}

const otherMachine = `is a program for another machine than this one (${process.arch})`;

function cutOff(bytes: number): string {
  return `is cut off after ${bytes} bytes`;
}

/** Kernels of 64 bits may run the programs of 32. */
function runsHere(machine: number): boolean {
  if (machine === (machines[process.arch] ?? machine)) return true;
  if (process.arch === 'x64') return machine === i386 && existsSync('/proc/sys/abi/vsyscall32');
  return process.arch === 'arm64' && machine === arm;
}
