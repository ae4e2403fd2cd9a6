import type { Libc } from '../uring/libc.js';
import { Control, type OpenSsl, type Pointer } from './openssl.js';
import type { TlsSettings, TlsVersion } from './settings.js';
import { trustedAuthorities } from './trusted-authorities.js';

const versionNumbers: Readonly<Record<TlsVersion, number>> = { '1.2': 0x0303, '1.3': 0x0304 };
const verifyPeer = 1;
const cacheOff = 0;
/** SSL_MODE_RELEASE_BUFFERS: a connection that carries nothing keeps no buffers, of 32 KiB. */
const releaseBuffers = 0x10;

/** What all TLS connections of a thread share: an SSL_CTX(3). */
export class SecureContext {
  readonly pointer: Pointer;
  readonly #openssl: OpenSsl;
  readonly #libc: Libc;

  /**
   * @param alpn names of protocols, the preferred first (RFC 7301)
   * @throws what OpenSSL refuses; files were looked at before, so that is rare
   */
  constructor(openssl: OpenSsl, libc: Libc, settings: TlsSettings, alpn: readonly string[]) {
    this.#openssl = openssl;
    this.#libc = libc;
    openssl.clearErrors();
    this.pointer = openssl.newContext(openssl.clientMethod());
    if (this.pointer === 0) throw this.#refusal('SSL_CTX_new');
    this.#control(Control.mode, releaseBuffers);
    this.#control(Control.sessionCacheMode, cacheOff);
    this.#control(Control.minVersion, versionNumbers[settings.minVersion ?? '1.2']);
    this.#control(Control.maxVersion, versionNumbers[settings.maxVersion ?? '1.3']);
    this.#withBytes(wireNames(alpn), (at, length) => openssl.setAlpn(this.pointer, at, length));
    if (settings.verify) {
      openssl.setVerify(this.pointer, verifyPeer, 0);
      this.#trust(settings.authorities ?? trustedAuthorities());
    }
    if (settings.identity !== null) this.#identify(settings.identity);
  }

  free(): void {
    this.#openssl.freeContext(this.pointer);
  }

  #control(what: number, n: number): void {
    this.#openssl.contextControl(this.pointer, what, n, 0);
  }

  #trust(pem: string): void {
    const store = this.#openssl.certificateStore(this.pointer);
    for (const certificate of this.#certificates(pem)) {
      this.#openssl.addCertificate(store, certificate);
      this.#openssl.freeCertificate(certificate);
    }
  }

  #identify({ certificate, key }: { readonly certificate: string; readonly key: string }): void {
    const openssl = this.#openssl;
    const [own = 0, ...chain] = this.#certificates(certificate);
    if (openssl.useCertificate(this.pointer, own) !== 1) throw this.#refusal('The certificate');
    openssl.freeCertificate(own);
    // The context takes these over.
    for (const link of chain) {
      openssl.contextControl(this.pointer, Control.addChainCertificate, 0, link);
    }
    this.#withBio(key, (bio, empty) => {
      // An empty passphrase: without any, OpenSSL would ask at the terminal.
      const pointer = openssl.readKey(bio, 0, 0, empty);
      if (pointer === 0) throw this.#refusal('The key');
      const used = openssl.useKey(this.pointer, pointer);
      openssl.freeKey(pointer);
      if (used !== 1) throw this.#refusal('The key');
    });
  }

  #certificates(pem: string): Pointer[] {
    const found: Pointer[] = [];
    this.#withBio(pem, (bio, empty) => {
      for (let one; (one = this.#openssl.readCertificate(bio, 0, 0, empty)) !== 0;) found.push(one);
    });
    // That there are no more is an error, too.
    this.#openssl.clearErrors();
    return found;
  }

  #withBio(text: string, use: (bio: Pointer, empty: Pointer) => void): void {
    const bytes = Buffer.from(`${text}\0`);
    this.#withBytes(bytes, (at, length) => {
      const bio = this.#openssl.newReadBio(at, length - 1);
      try {
        use(bio, at + length - 1);
      } finally {
        this.#openssl.freeBio(bio);
      }
    });
  }

  #withBytes(bytes: Uint8Array, use: (at: Pointer, length: number) => void): void {
    const memory = this.#libc.allocate(bytes.length);
    try {
      memory.bytes.set(bytes);
      use(memory.address, bytes.length);
    } finally {
      memory.bytes.fill(0);
      this.#libc.free(memory);
    }
  }

  #refusal(what: string): Error {
    return new Error(`${what}: OpenSSL says ${this.#openssl.takeReason() ?? 'nothing'}`);
  }
}

/** Each after its length, as ALPN has it. */
function wireNames(names: readonly string[]): Uint8Array {
  return Buffer.concat(
    names.map((name) => Buffer.from(`${String.fromCharCode(name.length)}${name}`)),
  );
}
