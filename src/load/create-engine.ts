import { isSecure, speaksWebSocket, type LoadPlan } from './plan.js';
import type { OpenSsl } from '../tls/openssl.js';
import type { Engine, EngineSetup } from './engine.js';
import type { Protocol } from './protocol/codec.js';

async function protocolOf(plan: LoadPlan): Promise<Protocol> {
  if (speaksWebSocket(plan)) return (await import('./protocol/websocket/protocol.js')).webSocket;
  if (plan.http2) return (await import('./protocol/http2/protocol.js')).http2;
  return (await import('./protocol/http1/protocol.js')).http1;
}

/** Loads just the engine that is asked for, and what it depends on. */
export async function createEngine(plan: LoadPlan): Promise<(setup: EngineSetup) => Engine> {
  switch (plan.engine) {
    case 'net': {
      const { NetEngine } = await import('./transport/net.js');
      const protocol = await protocolOf(plan);
      return (setup) => new NetEngine(setup, protocol);
    }
    case 'uring': {
      const { Libc } = await import('../uring/libc.js');
      const { UringEngine } = await import('./transport/uring/engine.js');
      const protocol = await protocolOf(plan);
      const libc = await Libc.load();
      const openssl = isSecure(plan) ? await loadOpenSsl() : null;
      return (setup) => new UringEngine(setup, libc, protocol, openssl);
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
