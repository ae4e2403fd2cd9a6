import { nearestName } from '../basis/nearest-name.js';
import { ConfigError } from '../basis/problem.js';
import { methodPath, type GrpcKind } from '../load/grpc-call.js';
import { protobuf } from './protobuf.js';

/** A method of a service, as its .proto file has it. */
export interface Method {
  /** As `package.Service/Method`. */
  readonly name: string;
  readonly kind: GrpcKind;
  readonly request: protobuf.Type;
}

/**
 * @param written `package.Service/Method`, or with a dot in place of the slash
 * @throws ConfigError naming what was probably meant, or what there is
 */
export function findMethod(root: protobuf.Root, written: string, where: string): Method {
  const all = methodsOf(root);
  const wanted = methodPath(written);
  const found = all.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => name);
  const near = nearestName(written, names);
  const remedy =
    near !== null
      ? `Did you mean ${near}?`
      : names.length === 0
        ? 'The .proto file defines no service; name the one that does.'
        : `There are ${names.slice(0, 20).join(', ')}.`;
  throw new ConfigError([{ where, message: `there is no method ${written}`, remedy }]);
}

/** The service of a method, however that is written. */
export function serviceOf(method: string): string {
  return methodPath(method).replace(/\/.*$/, '');
}

function methodsOf(space: protobuf.NamespaceBase): Method[] {
  return space.nestedArray.flatMap((part) => {
    if (part instanceof protobuf.Service) return part.methodsArray.map(methodOf);
    return part instanceof protobuf.Namespace ? methodsOf(part) : [];
  });
}

function methodOf(method: protobuf.Method): Method {
  method.resolve();
  const service = method.parent!.fullName.slice(1);
  return {
    name: `${service}/${method.name}`,
    kind: kindOf(method.requestStream === true, method.responseStream === true),
    request: method.resolvedRequestType!,
  };
}

function kindOf(asksMany: boolean, answersMany: boolean): GrpcKind {
  if (asksMany) return answersMany ? 'bidirectional' : 'client-streaming';
  return answersMany ? 'server-streaming' : 'unary';
}
