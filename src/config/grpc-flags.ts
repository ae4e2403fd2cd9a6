import { ConfigError } from '../basis/problem.js';
import type { Describer } from '../load/describing.js';
import { methodPath, type GrpcCall } from '../load/grpc-call.js';
import type { AskedLoad } from './asked-load.js';
import { readWritten } from './body-source.js';
import type { FlagReader } from './flag-reader.js';
import { scenarioDefaults, type Scenario } from './scenario.js';

export interface GrpcFlags {
  /** As `package.Service/Method`. */
  readonly grpc?: string | undefined;
  readonly proto?: readonly string[] | undefined;
  readonly protoPath?: readonly string[] | undefined;
  /** JSON, or `@file`. */
  readonly data?: string | undefined;
  /** Message after message on a call that is held open. */
  readonly pingPong?: boolean | undefined;
  readonly method?: string | undefined;
  readonly stream?: string | boolean | undefined;
}

/**
 * Reads which method is called, and with what.
 * @param scenario that the call is laid over
 * @param describer of the server that may be asked what its methods are; null: there is none
 */
export async function readGrpcFlags(
  flags: GrpcFlags,
  body: AskedLoad['body'],
  scenario: Scenario | null,
  describer: Describer | null,
  flag: FlagReader,
): Promise<GrpcCall | null> {
  if (flags.grpc === undefined) {
    for (const [name, value] of Object.entries({
      '--data': flags.data,
      '--proto': flags.proto,
      '--proto-path': flags.protoPath,
      '--ping-pong': flags.pingPong,
    })) {
      if (value === undefined || value === false) continue;
      const message = `${name} is for calls of gRPC`;
      flag.accept(name, {
        ok: false,
        message,
        remedy: 'Name the method: --grpc package.Service/Method.',
      });
    }
    return null;
  }
  if (flags.method !== undefined) {
    const message = 'a call is a POST, and its method is that of --grpc';
    flag.accept('--method', { ok: false, message, remedy: 'Leave it out.' });
  }
  if (flags.stream !== undefined) {
    const message = 'whether a call answers with a stream is said by its method';
    flag.accept('--stream', { ok: false, message, remedy: 'Leave it out.' });
  }
  return flag.wait(callOfFlags({ ...flags, grpc: flags.grpc }, body, scenario, describer));
}

async function callOfFlags(
  {
    grpc,
    proto,
    protoPath,
    data: written,
    pingPong = false,
  }: GrpcFlags & { readonly grpc: string },
  body: AskedLoad['body'],
  scenario: Scenario | null,
  describer: Describer | null,
): Promise<GrpcCall> {
  if (body !== null) {
    if (written === undefined) return encodedCall(grpc, body.content, pingPong);
    const message = '--data and --body exclude each other';
    throw new ConfigError([{ where: '--data', message, remedy: 'Give one of the two.' }]);
  }
  const given = await readWritten('--data', written ?? '{}');
  const json = typeof given === 'string' ? given : Buffer.from(given).toString('utf8');
  const places = { proto: '--proto', method: '--grpc', message: '--data' };
  const data = scenario?.data ?? null;
  const asked = { method: grpc, written: json, pingPong };
  // What follows brings Protocol Buffers with it.
  if (proto !== undefined) {
    const { describedCall } = await import('../grpc/call.js');
    const files = { files: proto, importPaths: protoPath ?? [] };
    return describedCall(files, files, asked, data, places);
  }
  if (describer === null) {
    const message = 'what its messages look like is not known';
    const remedy = 'Name the file that defines it: --proto FILE; or send octets: --body @FILE.';
    throw new ConfigError([{ where: '--grpc', message, remedy }]);
  }
  const { reflectedCall } = await import('../grpc/reflected-call.js');
  const { tls, unix, targets } = scenario ?? scenarioDefaults;
  return describer({ tls, unix, targets }, (server) =>
    reflectedCall(server, asked, data, { ...places, proto: '--proto FILE' }),
  );
}

/** Of a message whose octets are given: nothing else is known of the method. */
function encodedCall(method: string, content: string | Uint8Array, pingPong: boolean): GrpcCall {
  const octets = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return {
    method: methodPath(method),
    kind: pingPong ? 'bidirectional' : 'unary',
    written: null,
    messages: [[{ kind: 'octets', octets }]],
    pingPong,
    files: null,
  };
}
