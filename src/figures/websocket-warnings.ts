import type { LoadFigures, Warning } from '../results/figures.js';

/** What a load over WebSockets has to say of the server. */
export function webSocketWarnings({ connectErrors, fanOut }: LoadFigures): Warning[] {
  const refused = connectErrors['no-websocket'] ?? 0;
  if (refused === 0) return fanOutWarnings(fanOut);
  return [
    {
      code: 'no-websocket',
      message: `The server does not open a WebSocket here: ${refused} connections ended with that`,
      remedy: 'Look at the path, and at what it answers: npx wscat -c URL',
    },
  ];
}

function fanOutWarnings(fanOut: LoadFigures['fanOut']): Warning[] {
  if (fanOut === null || fanOut.expected === 0) return [];
  const lost = fanOut.expected - fanOut.delivered;
  if (fanOut.delivered === 0) {
    return [
      {
        code: 'no-deliveries',
        message: 'Nothing that was published came to any receiver',
        remedy:
          'See that the server sends what it is sent to all connections, with the number ({seq}) as it is; and look at path and headers',
      },
    ];
  }
  if (lost === 0) return [];
  return [
    {
      code: 'deliveries-lost',
      message: `${lost} of ${fanOut.expected} deliveries did not come in time`,
      remedy: 'Lower the rate or the number of receivers; --timeout is how long each is waited for',
    },
  ];
}
