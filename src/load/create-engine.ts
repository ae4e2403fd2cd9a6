import type { EngineName } from './plan.js';
import type { CreateCodec } from './protocol/codec.js';
import type { Engine, EngineSetup } from './engine.js';

/** Loads just the engine that is asked for, and what it depends on. */
export async function createEngine(name: EngineName): Promise<(setup: EngineSetup) => Engine> {
  switch (name) {
    case 'net': {
      const { NetEngine } = await import('./transport/net.js');
      const createCodec = await codecOfHttp1();
      return (setup) => new NetEngine(setup, createCodec);
    }
    case 'uring': {
      const { Libc } = await import('../uring/libc.js');
      const { UringEngine } = await import('./transport/uring/engine.js');
      const [libc, createCodec] = [await Libc.load(), await codecOfHttp1()];
      return (setup) => new UringEngine(setup, libc, createCodec);
    }
    case 'undici': {
      const { UndiciEngine } = await import('./undici/engine.js');
      return (setup) => new UndiciEngine(setup);
    }
  }
}

async function codecOfHttp1(): Promise<CreateCodec> {
  const { Http1Codec } = await import('./protocol/http1/codec.js');
  return (plan, slots, listener) => new Http1Codec(plan, slots, listener);
}
