import { CallError, type UnaryCaller } from './unary-caller.js';
import { descriptor, protobuf } from './protobuf.js';

/** The part of https://github.com/grpc/grpc/blob/master/src/proto/grpc/reflection/v1/reflection.proto that is asked. */
const messages = protobuf.parse(`
  syntax = "proto3";
  message Request {
    oneof asked {
      string fileByFilename = 3;
      string fileContainingSymbol = 4;
      string listServices = 7;
    }
  }
  message Files { repeated bytes fileDescriptorProto = 1; }
  message Service { string name = 1; }
  message Services { repeated Service service = 1; }
  message Failure { int32 errorCode = 1; string errorMessage = 2; }
  message Response {
    Files files = 4;
    Services services = 6;
    Failure failure = 7;
  }
`).root;
const request = messages.lookupType('Request');
const response = messages.lookupType('Response');

interface Answer {
  readonly files?: { readonly fileDescriptorProto: readonly Uint8Array[] };
  readonly services?: { readonly service: readonly { readonly name: string }[] };
  readonly failure?: { readonly errorMessage: string };
}

type Asked = Readonly<
  Partial<Record<'fileByFilename' | 'fileContainingSymbol' | 'listServices', string>>
>;

/** What is older than 2023 knows only the other. */
const service = 'grpc.reflection.v1.ServerReflection';
const olderService = 'grpc.reflection.v1alpha.ServerReflection';

/** What a server says of its own services. */
export class Reflection {
  readonly #caller: UnaryCaller;
  #service = service;

  constructor(caller: UnaryCaller) {
    this.#caller = caller;
  }

  /**
   * The files that define a service, with all that they import; null: the server has no such service.
   * @throws CallError, where it has no reflection
   */
  async describe(name: string): Promise<protobuf.Root | null> {
    const first = await this.#ask({ fileContainingSymbol: name });
    const files = new Map<string, descriptor.IFileDescriptorProto>();
    const wanted: string[] = [];
    const take = ({ files: found }: Answer): void => {
      for (const octets of found?.fileDescriptorProto ?? []) {
        const file = descriptor.FileDescriptorProto.decode(
          octets,
        ) as descriptor.IFileDescriptorProto;
        files.set(file.name!, file);
        wanted.push(...((file.dependency ?? []) as string[]));
      }
    };
    take(first);
    if (files.size === 0) return null;
    for (let name; (name = wanted.pop()) !== undefined;) {
      if (!files.has(name)) take(await this.#ask({ fileByFilename: name }));
    }
    const set = descriptor.FileDescriptorSet.fromObject({ file: [...files.values()] });
    const octets = descriptor.FileDescriptorSet.encode(set).finish();
    const root = protobuf.Root.fromDescriptor(octets);
    root.resolveAll();
    // Some servers answer with what comes nearest.
    return root.lookup(name) instanceof protobuf.Service ? root : null;
  }

  async services(): Promise<string[]> {
    const { services: found } = await this.#ask({ listServices: '' });
    return (found?.service ?? []).map(({ name }) => name);
  }

  async #ask(asked: Asked): Promise<Answer> {
    const octets = request.encode(request.fromObject(asked)).finish();
    try {
      return await this.#call(octets);
    } catch (error) {
      if (!(error instanceof CallError && error.isUnimplemented)) throw error;
      this.#service = olderService;
      return this.#call(octets);
    }
  }

  async #call(octets: Uint8Array): Promise<Answer> {
    const method = `${this.#service}/ServerReflectionInfo`;
    return response.decode(await this.#caller.call(method, octets)) as Answer & protobuf.Message;
  }
}
