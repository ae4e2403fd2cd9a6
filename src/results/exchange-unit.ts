import { z } from 'zod';

/** What a load counts: requests, messages of WebSockets, or calls of gRPC. */
export const exchangeUnitSchema = z.enum(['request', 'message', 'call']);
export type ExchangeUnit = z.output<typeof exchangeUnitSchema>;
