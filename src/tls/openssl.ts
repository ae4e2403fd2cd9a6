import type { LibraryHandle } from 'koffi';
import { uninterrupted, uninterruptedly } from '../uring/critical-section.js';
import { Memory } from '../uring/memory.js';

type Koffi = typeof import('koffi').default;
type ForeignFunction = ReturnType<LibraryHandle['func']>;

/** An address in this process; below 2^53. 0 is NULL. */
export type Pointer = number;

/** BIO_ctrl(3) and SSL_ctrl(3): the numbers behind their macros, which are stable ABI. */
export const Control = {
  endReturn: 130,
  memory: 115,
  mode: 33,
  serverName: 55,
  minVersion: 123,
  maxVersion: 124,
  addChainCertificate: 89,
  sessionCacheMode: 44,
} as const;

/** SSL_get_error(3). */
export const SslError = { ssl: 1, wantRead: 2, ended: 6 } as const;

/** Octets of a record's plaintext at the most (RFC 8446 §5.1). */
export const recordBytes = 16_384;

/**
 * The OpenSSL that Node itself holds, as far as a client's TLS over memory needs it, through koffi.
 * Numbers stand for pointers, as in `Libc`. A call costs some 40 ns. Which object each pointer is of
 * is in OpenSSL's manual, section 3, under the function's name.
 */
export class OpenSsl {
  readonly #koffi: Koffi;
  readonly read: (ssl: Pointer, to: Pointer, bytes: number) => number;
  readonly write: (ssl: Pointer, from: Pointer, bytes: number) => number;
  readonly bioRead: (bio: Pointer, to: Pointer, bytes: number) => number;
  readonly bioWrite: (bio: Pointer, from: Pointer, bytes: number) => number;
  readonly handshake: (ssl: Pointer) => number;
  readonly getError: (ssl: Pointer, result: number) => number;
  readonly clientMethod: () => Pointer;
  readonly newContext: (method: Pointer) => Pointer;
  readonly freeContext: (context: Pointer) => void;
  readonly contextControl: (context: Pointer, what: number, n: number, p: Pointer) => number;
  readonly setVerify: (context: Pointer, mode: number, callback: Pointer) => void;
  readonly certificateStore: (context: Pointer) => Pointer;
  readonly addCertificate: (store: Pointer, certificate: Pointer) => number;
  readonly readCertificate: (bio: Pointer, x: Pointer, callback: Pointer, u: Pointer) => Pointer;
  readonly readKey: (bio: Pointer, x: Pointer, callback: Pointer, u: Pointer) => Pointer;
  readonly freeCertificate: (certificate: Pointer) => void;
  readonly freeKey: (key: Pointer) => void;
  readonly useCertificate: (context: Pointer, certificate: Pointer) => number;
  readonly useKey: (context: Pointer, key: Pointer) => number;
  readonly setAlpn: (context: Pointer, protocols: Pointer, bytes: number) => number;
  readonly newSsl: (context: Pointer) => Pointer;
  readonly freeSsl: (ssl: Pointer) => void;
  readonly setBios: (ssl: Pointer, input: Pointer, output: Pointer) => void;
  readonly setConnecting: (ssl: Pointer) => void;
  readonly control: (ssl: Pointer, what: number, n: number, p: Pointer) => number;
  readonly setHost: (ssl: Pointer, name: Pointer) => number;
  readonly parameters: (ssl: Pointer) => Pointer;
  readonly setAddress: (parameters: Pointer, address: Pointer) => number;
  readonly setHostFlags: (parameters: Pointer, flags: number) => void;
  readonly verifyResult: (ssl: Pointer) => number;
  readonly shutdown: (ssl: Pointer) => number;
  readonly setShutdown: (ssl: Pointer, mode: number) => void;
  readonly takeSession: (ssl: Pointer) => Pointer;
  readonly setSession: (ssl: Pointer, session: Pointer) => number;
  readonly isResumable: (session: Pointer) => number;
  readonly freeSession: (session: Pointer) => void;
  readonly wasResumed: (ssl: Pointer) => number;
  readonly cipher: (ssl: Pointer) => Pointer;
  readonly cipherName: (cipher: Pointer) => string;
  readonly versionNumber: (ssl: Pointer) => number;
  readonly version: (ssl: Pointer) => string;
  readonly alpn: (ssl: Pointer, to: Pointer, length: Pointer) => void;
  readonly memoryBio: () => Pointer;
  readonly newBio: (method: Pointer) => Pointer;
  readonly newReadBio: (from: Pointer, bytes: number) => Pointer;
  readonly keepBio: (bio: Pointer) => number;
  readonly freeBio: (bio: Pointer) => number;
  readonly bioControl: (bio: Pointer, what: number, n: number, p: Pointer) => number;
  readonly nextError: () => number;
  readonly clearErrors: () => void;
  readonly #reason: (error: number) => string | null;
  readonly #verifyReason: (result: number) => string;

  private constructor(koffi: Koffi, library: LibraryHandle) {
    this.#koffi = koffi;
    // p: a pointer, i: int, l: long, s: a text that OpenSSL keeps, v: nothing.
    const of = (name: string, result: string, taken: string): ForeignFunction => {
      const types = taken.split('').map((kind) => kinds[kind]!);
      return library.func(`${kinds[result]!} ${name}(${types.join(', ')})`);
    };
    this.read = of('SSL_read', 'i', 'ppi');
    this.write = of('SSL_write', 'i', 'ppi');
    this.bioRead = of('BIO_read', 'i', 'ppi');
    this.bioWrite = of('BIO_write', 'i', 'ppi');
    this.handshake = of('SSL_do_handshake', 'i', 'p');
    this.getError = of('SSL_get_error', 'i', 'pi');
    this.clientMethod = of('TLS_client_method', 'p', '');
    this.newContext = of('SSL_CTX_new', 'p', 'p');
    this.freeContext = of('SSL_CTX_free', 'v', 'p');
    this.contextControl = of('SSL_CTX_ctrl', 'l', 'pilp');
    this.setVerify = of('SSL_CTX_set_verify', 'v', 'pip');
    this.certificateStore = of('SSL_CTX_get_cert_store', 'p', 'p');
    this.addCertificate = of('X509_STORE_add_cert', 'i', 'pp');
    this.readCertificate = of('PEM_read_bio_X509_AUX', 'p', 'pppp');
    this.readKey = of('PEM_read_bio_PrivateKey', 'p', 'pppp');
    this.freeCertificate = of('X509_free', 'v', 'p');
    this.freeKey = of('EVP_PKEY_free', 'v', 'p');
    this.useCertificate = of('SSL_CTX_use_certificate', 'i', 'pp');
    this.useKey = of('SSL_CTX_use_PrivateKey', 'i', 'pp');
    this.setAlpn = of('SSL_CTX_set_alpn_protos', 'i', 'ppi');
    this.newSsl = of('SSL_new', 'p', 'p');
    this.freeSsl = of('SSL_free', 'v', 'p');
    this.setBios = of('SSL_set_bio', 'v', 'ppp');
    this.setConnecting = of('SSL_set_connect_state', 'v', 'p');
    this.control = of('SSL_ctrl', 'l', 'pilp');
    this.setHost = of('SSL_set1_host', 'i', 'pp');
    this.parameters = of('SSL_get0_param', 'p', 'p');
    this.setAddress = of('X509_VERIFY_PARAM_set1_ip_asc', 'i', 'pp');
    this.setHostFlags = of('X509_VERIFY_PARAM_set_hostflags', 'v', 'pi');
    this.verifyResult = of('SSL_get_verify_result', 'l', 'p');
    this.shutdown = of('SSL_shutdown', 'i', 'p');
    this.setShutdown = of('SSL_set_shutdown', 'v', 'pi');
    this.takeSession = of('SSL_get1_session', 'p', 'p');
    this.setSession = of('SSL_set_session', 'i', 'pp');
    this.isResumable = of('SSL_SESSION_is_resumable', 'i', 'p');
    this.freeSession = of('SSL_SESSION_free', 'v', 'p');
    this.wasResumed = of('SSL_session_reused', 'i', 'p');
    this.cipher = of('SSL_get_current_cipher', 'p', 'p');
    this.cipherName = of('SSL_CIPHER_get_name', 's', 'p');
    this.versionNumber = of('SSL_version', 'i', 'p');
    this.version = of('SSL_get_version', 's', 'p');
    this.alpn = of('SSL_get0_alpn_selected', 'v', 'ppp');
    this.memoryBio = of('BIO_s_mem', 'p', '');
    this.newBio = of('BIO_new', 'p', 'p');
    this.newReadBio = of('BIO_new_mem_buf', 'p', 'pi');
    this.keepBio = of('BIO_up_ref', 'i', 'p');
    this.freeBio = of('BIO_free', 'i', 'p');
    this.bioControl = of('BIO_ctrl', 'l', 'pilp');
    this.nextError = of('ERR_get_error', 'l', '');
    this.clearErrors = of('ERR_clear_error', 'v', '');
    this.#reason = of('ERR_reason_error_string', 's', 'l');
    this.#verifyReason = of('X509_verify_cert_error_string', 's', 'l');
  }

  /** @throws where koffi is not installed, or Node hides its OpenSSL */
  static async load(): Promise<OpenSsl> {
    return uninterruptedly(async () => {
      const { default: koffi } = await import('koffi');
      return new OpenSsl(koffi, koffi.load(null));
    });
  }

  /** The earliest error that this thread has not been told of, in OpenSSL's words; forgets the others. */
  takeReason(): string | null {
    const error = this.nextError();
    if (error === 0) return null;
    this.clearErrors();
    return uninterrupted(() => this.#reason(error));
  }

  /** What a result of `verifyResult` means. */
  verifyReason(result: number): string {
    return uninterrupted(() => this.#verifyReason(result));
  }

  /** Memory of OpenSSL's own. */
  view(at: Pointer, bytes: number): Memory {
    return new Memory(
      at,
      uninterrupted(() => this.#koffi.view(BigInt(at), bytes)),
    );
  }
}

const kinds: Readonly<Record<string, string>> = {
  p: 'int64_t',
  i: 'int',
  l: 'long',
  s: 'str',
  v: 'void',
};
