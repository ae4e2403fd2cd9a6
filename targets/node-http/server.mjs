// Answers targets/CONTRACT.md on node:http as it is deployed without a framework, in one process.
import { createServer } from 'node:http';
import { answer } from './endpoints.mjs';
import { options, refuse } from './patience.mjs';
import { start } from './start.mjs';

const server = createServer(options, answer);

server.on('clientError', refuse);

await start(server, 'node-http');
