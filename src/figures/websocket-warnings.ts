import type { LoadFigures, Warning } from '../results/figures.js';

/** What a load over WebSockets has to say of the server. */
export function webSocketWarnings({ connectErrors }: LoadFigures): Warning[] {
  const refused = connectErrors['no-websocket'] ?? 0;
  if (refused === 0) return [];
  return [
    {
      code: 'no-websocket',
      message: `The server does not open a WebSocket here: ${refused} connections ended with that`,
      remedy: 'Look at the path, and at what it answers: npx wscat -c URL',
    },
  ];
}
