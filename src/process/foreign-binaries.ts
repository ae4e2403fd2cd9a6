import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const folder = '/proc/sys/fs/binfmt_misc';

/**
 * Whether this kernel was told what runs such a file: QEMU for programs of other machines, Wine,
 * Mono (Linux, Documentation/admin-guide/binfmt-misc.rst).
 */
export async function kernelHasHandlerFor(file: string, head: Buffer): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return false;
  if ((await read('status')).trim() !== 'enabled') return false;
  const handlers = await Promise.all(
    names.filter((name) => name !== 'status' && name !== 'register').map(read),
  );
  return handlers.some((handler) => handles(handler, file, head));
}

async function read(name: string): Promise<string> {
  return readFile(path.join(folder, name), 'latin1').catch(() => '');
}

function handles(handler: string, file: string, head: Buffer): boolean {
  if (!handler.startsWith('enabled')) return false;
  const field = (name: string): string | undefined =>
    new RegExp(`^${name} (.*)$`, 'm').exec(handler)?.[1];
  const extension = field('extension');
  if (extension !== undefined) return file.endsWith(extension);
  const magic = Buffer.from(field('magic') ?? '', 'hex');
  const mask = Buffer.from(field('mask') ?? '', 'hex');
  const offset = Number(field('offset') ?? 0);
  if (magic.length === 0 || head.length < offset + magic.length) return false;
  return magic.every((byte, i) => (head[offset + i]! & (mask[i] ?? 0xff)) === byte);
}
