import { z } from 'zod';

/** What a load counts: requests, messages of WebSockets, or calls of gRPC. */
export const exchangeUnitSchema = z.enum(['request', 'message', 'call']);
export type ExchangeUnit = z.output<typeof exchangeUnitSchema>;

/** What a latency is of: the same, or in a fan-out its deliveries. */
export const waitedSchema = z.enum([...exchangeUnitSchema.options, 'delivery']);
export type Waited = z.output<typeof waitedSchema>;
