import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

const file = new URL('./greeter.proto', import.meta.url).pathname;
const root = protobuf.loadSync(file, { keepCase: true } as never);
