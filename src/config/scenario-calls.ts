import { resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError, type Problem } from '../basis/problem.js';
import type { Describing } from '../load/describing.js';
import type { GrpcCall } from '../load/grpc-call.js';
import type { DataTable } from '../load/plan.js';
import type { requestSchema, scenarioSchema } from './scenario-schema.js';
import { label } from './scenario-problems.js';
import type { YamlSource } from './yaml-source.js';

type WrittenRequest = z.output<typeof requestSchema>;

/** What a scenario says of gRPC as a whole. */
type CallSettings = Partial<
  Pick<z.output<typeof scenarioSchema>, 'protocol' | 'proto' | 'protoPath' | 'pingPong'>
>;

/**
 * The call that a request of a scenario is; null: it is none, or cannot be one, which is a problem.
 * @param folder from which files are named
 * @param server that is asked what its methods are where no file says it; null: there is none
 */
export async function readCall(
  request: WrittenRequest,
  at: readonly PropertyKey[],
  { protocol, proto, protoPath, pingPong = false }: CallSettings,
  data: DataTable | null,
  folder: string,
  server: Describing | null,
  source: YamlSource,
  problems: Problem[],
): Promise<GrpcCall | null> {
  const report = (key: string, message: string, remedy: string): null => {
    const path = key === '' ? at : [...at, key];
    problems.push({ where: source.locate(path), message: `${label(path)}: ${message}`, remedy });
    return null;
  };
  const { call, message } = request;
  if (protocol !== 'grpc') {
    if (call === undefined && message === undefined) return null;
    const key = call === undefined ? 'message' : 'call';
    return report(key, 'the scenario is not one of gRPC', 'Write protocol: grpc beside requests.');
  }
  if (call === undefined) {
    return report('', 'it names no method', 'Write call: package.Service/Method.');
  }
  for (const key of ['path', 'method', 'body', 'bodyFile', 'stream'] as const) {
    if ((request[key] ?? '') === '') continue;
    return report(key, 'a call has none', 'Leave it out; what is sent is its message.');
  }
  if (proto === undefined && server === null) {
    return report(
      'call',
      'what its messages look like is not known',
      'Write proto: FILE beside requests; a server that is up (c1m run URL), and targets, may be asked instead.',
    );
  }
  const written = typeof message === 'string' ? message : JSON.stringify(message ?? {});
  const asked = { method: call, written, pingPong };
  const places = {
    method: source.locate([...at, 'call']),
    message: source.locate([...at, message === undefined ? 'call' : 'message']),
  };
  try {
    // What follows brings Protocol Buffers with it.
    if (proto === undefined) {
      const { reflectedCall } = await import('../grpc/reflected-call.js');
      return await reflectedCall(server!, asked, data, {
        ...places,
        proto: 'proto: FILE beside requests',
      });
    }
    const named = { files: [proto].flat(), importPaths: [protoPath ?? []].flat() };
    const files = {
      files: named.files.map((file) => resolve(folder, file)),
      importPaths: named.importPaths.map((path) => resolve(folder, path)),
    };
    const { describedCall } = await import('../grpc/call.js');
    const where = { ...places, proto: source.locate(['proto']) };
    return await describedCall(files, named, asked, data, where);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Of a file that all requests need, it is said once.
    const isNew = (one: Problem): boolean =>
      !problems.some(({ where, message: said }) => where === one.where && said === one.message);
    problems.push(...error.problems.filter(isNew));
    return null;
  }
}
