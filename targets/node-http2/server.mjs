// Answers targets/CONTRACT.md over HTTP/2 alone, on node:http2 and its compatibility API, in one process.
import { createServer } from 'node:http2';
import { answer } from '../node-http/endpoints.mjs';
import { start } from '../node-http/start.mjs';

const server = createServer({ maxHeaderListPairs: 2048 }, answer);

// What a client does wrong ends its own connection.
server.on('sessionError', () => {});

await start(server, 'node-http2');
