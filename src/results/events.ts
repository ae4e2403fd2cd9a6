import { z } from 'zod';
import { censoredDistributionSchema } from './distribution.js';

const count = z.number().int().nonnegative();
const waits = censoredDistributionSchema.nullable();

/**
 * What is waited for in a stream of events: by the name that its figures begin with, its field in a
 * result, and the words for it.
 */
export const streamWaits = {
  firstByte: {
    field: 'firstByteUs',
    subject: 'time to the first byte',
    meaning: 'From the intended start to the head of the response',
  },
  firstEvent: {
    field: 'firstEventUs',
    subject: 'time to the first event',
    meaning: 'From the intended start to the first event',
  },
  firstEventService: {
    field: 'firstEventServiceUs',
    subject: 'time from the send to the first event',
    meaning: 'From the send to the first event',
  },
  betweenEvents: {
    field: 'betweenUs',
    subject: 'time between events',
    meaning: 'From one event of a stream to its next',
  },
} as const;
export type StreamWait = keyof typeof streamWaits;
export const streamWaitNames = Object.keys(streamWaits) as StreamWait[];

/** Of the streams of events that the requests of a phase, or one of them, asked for. */
export const eventsSchema = z.strictObject({
  streams: count.describe('Responses that began, and were streams of events'),
  withoutEvents: count.describe('Of those that ended in order, the ones that held no event'),
  received: count.describe('Events, those after the phase’s clock included'),
  perSecond: z.number().nonnegative().describe('Those before the clock ran out / its duration'),
  firstByteUs: waits.describe(streamWaits.firstByte.meaning),
  firstEventUs: waits.describe(streamWaits.firstEvent.meaning),
  firstEventServiceUs: waits.describe(streamWaits.firstEventService.meaning),
  betweenUs: waits.describe(streamWaits.betweenEvents.meaning),
});
export type EventFigures = z.output<typeof eventsSchema>;
