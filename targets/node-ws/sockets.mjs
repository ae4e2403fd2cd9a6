import { createRequire } from 'node:module';

const { WebSocket, WebSocketServer } = createRequire(process.env.PACKAGES)('ws');

const maxPayload = 1024 * 1024;

/** So many bytes a member of the room may be behind before it is let go. */
const mostWaitingBytes = 4 * 1024 * 1024;

/** By path, what takes over the connection of a request that asks for a WebSocket. */
export const sockets = new Map([
  ['/ws', opener(echo)],
  ['/room', opener(join)],
]);

function opener(begin) {
  const server = new WebSocketServer({ noServer: true, maxPayload });
  return (request, socket, head) => {
    server.handleUpgrade(request, socket, head, (client) => {
      // What a client does wrong ends its own connection.
      client.on('error', () => {});
      begin(client, server.clients);
    });
  };
}

function echo(client) {
  client.on('message', (data, binary) => client.send(data, { binary }));
}

/** Passes on what it says to all others. */
function join(client, members) {
  client.on('message', (data, binary) => {
    for (const member of members) {
      if (member === client || member.readyState !== WebSocket.OPEN) continue;
      if (member.bufferedAmount > mostWaitingBytes) member.terminate();
      else member.send(data, { binary });
    }
  });
}
