/** How much of this host's memory may be used: a share of what is available, or bytes. */
export type MemoryLimit =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'bytes'; readonly bytes: number };
