import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

export const greeterFile = new URL('./greeter.proto', import.meta.url).pathname;

/** A server of the reference implementation for Node, with all kinds of methods. */
export interface GreeterServer {
  readonly port: number;
  /** What came, message by message. */
  readonly heard: Record<string, unknown>[];
  /** Of each call. */
  readonly metadata: grpc.Metadata[];
  /** Calls of `Chat`. */
  readonly chats: { begun: number };
  close(): void;
}

type Answer = grpc.sendUnaryData<{ text: string }>;
interface Hello {
  readonly name?: string;
}

/**
 * @param credentials plain without
 * @param before each answer of `SayHello` and `Chat`, which it lets go
 */
export async function startGreeter(
  credentials = grpc.ServerCredentials.createInsecure(),
  options: grpc.ServerOptions = {},
  before = (answer: () => void): void => answer(),
): Promise<GreeterServer> {
  const definition = loader.loadSync(greeterFile, {
    keepCase: true,
    longs: String,
    enums: String,
    bytes: String,
  });
  const server = new grpc.Server(options);
  const heard: Record<string, unknown>[] = [];
  const metadata: grpc.Metadata[] = [];
  const chats = { begun: 0 };
  const hear = (call: { readonly metadata: grpc.Metadata }, message: object): void => {
    heard.push(message as Record<string, unknown>);
    metadata.push(call.metadata);
  };
  const { Greeter } = (grpc.loadPackageDefinition(definition) as unknown as Loaded).test.greeter;
  server.addService(Greeter.service, {
    SayHello(call: grpc.ServerUnaryCall<Hello, unknown>, answer: Answer) {
      hear(call, call.request);
      before(() => answer(null, { text: `hello ${call.request.name}` }));
    },
    Fail(call: grpc.ServerUnaryCall<Hello, unknown>, answer: Answer) {
      hear(call, call.request);
      answer({
        code: grpc.status[call.request.name as keyof typeof grpc.status],
        details: 'too much of “it”',
      });
    },
    Sum(call: grpc.ServerReadableStream<Hello, unknown>, answer: Answer) {
      let count = 0;
      call.on('data', (message: Hello) => {
        hear(call, message);
        count++;
      });
      call.on('end', () => answer(null, { text: String(count) }));
    },
    Many(call: grpc.ServerWritableStream<Hello, unknown>) {
      hear(call, call.request);
      for (let i = 0; i < 3; i++) call.write({ text: `${i}` });
      call.end();
    },
    Chat(call: grpc.ServerDuplexStream<Hello, unknown>) {
      chats.begun++;
      call.on('data', (message: Hello) => {
        hear(call, message);
        const [asked, status] = (message.name ?? '').split(' ');
        if (asked === 'fail') {
          call.emit('error', { code: grpc.status[status as 'ABORTED'], details: 'no more' });
        } else if (asked !== 'ignore') before(() => call.write({ text: message.name }));
        if (asked === 'leave') call.end();
      });
      call.on('end', () => call.end());
    },
  });
  new ReflectionService(definition).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, heard, metadata, chats, close: () => server.forceShutdown() };
}

interface Loaded {
  readonly test: { readonly greeter: { readonly Greeter: grpc.ServiceClientConstructor } };
}
