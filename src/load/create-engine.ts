import type { EngineName } from './plan.js';
import type { OpenSsl } from '../tls/openssl.js';
import type { Engine, EngineSetup } from './engine.js';

/**
 * Loads just the engine that is asked for, and what it depends on.
 * @param secure whether any origin is reached over TLS
 */
export async function createEngine(
  name: EngineName,
  secure = false,
): Promise<(setup: EngineSetup) => Engine> {
  switch (name) {
    case 'net': {
      const { NetEngine } = await import('./transport/net.js');
      const { http1 } = await import('./protocol/http1/protocol.js');
      return (setup) => new NetEngine(setup, http1);
    }
    case 'uring': {
      const { Libc } = await import('../uring/libc.js');
      const { UringEngine } = await import('./transport/uring/engine.js');
      const { http1 } = await import('./protocol/http1/protocol.js');
      const libc = await Libc.load();
      const openssl = secure ? await loadOpenSsl() : null;
      return (setup) => new UringEngine(setup, libc, http1, openssl);
    }
    case 'undici': {
      const { UndiciEngine } = await import('./undici/engine.js');
      return (setup) => new UndiciEngine(setup);
    }
  }
}

async function loadOpenSsl(): Promise<OpenSsl> {
  const { OpenSsl } = await import('../tls/openssl.js');
  return OpenSsl.load();
}
