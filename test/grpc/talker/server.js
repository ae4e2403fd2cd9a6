// A target of gRPC that says what its methods are.
import * as grpc from '@grpc/grpc-js';
import * as loader from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';

const file = new URL('../greeter.proto', import.meta.url).pathname;
const definition = loader.loadSync(file, { keepCase: true });
const { Greeter } = grpc.loadPackageDefinition(definition).test.greeter;
const server = new grpc.Server();
server.addService(Greeter.service, {
  Chat(call) {
    call.on('data', ({ name }) => call.write({ text: name }));
    call.on('end', () => call.end());
  },
});
new ReflectionService(definition).addToServer(server);
const credentials = grpc.ServerCredentials.createInsecure();
server.bindAsync(`127.0.0.1:${process.argv[2]}`, credentials, () => undefined);
