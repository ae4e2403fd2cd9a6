/** Octets that the path of a Unix socket has at the most: `sun_path` without the 0 at its end (unix(7)). */
export const mostPathBytes = 107;

/** Whether an address is the path of a Unix socket, which is absolute; no IP address begins so. */
export function isSocketPath(address: string): boolean {
  return address.startsWith('/');
}
