import { z } from 'zod';
import { censoredDistributionSchema } from './distribution.js';

const count = z.number().int().nonnegative();
const waits = censoredDistributionSchema.nullable();

/** Of the streams of events that a phase's requests asked for. */
export const eventsSchema = z.strictObject({
  streams: count.describe('Responses that began, and were streams of events'),
  withoutEvents: count.describe('Of those that ended in order, the ones that held no event'),
  received: count.describe('Events, those after the phase’s clock included'),
  perSecond: z.number().nonnegative().describe('Those before the clock ran out / its duration'),
  firstByteUs: waits.describe('From the intended start to the head of the response'),
  firstEventUs: waits.describe('From the intended start to the first event'),
  firstEventServiceUs: waits.describe('From the send to the first event'),
  betweenUs: waits.describe('From one event of a stream to its next'),
});
export type EventFigures = z.output<typeof eventsSchema>;
