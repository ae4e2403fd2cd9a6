import { z } from 'zod';
import { censoredDistributionSchema, distributionSchema } from './distribution.js';
import { schedulingDelaySchema, schedulingSchema } from './scheduling.js';
import { eventsSchema } from './events.js';
import { probeSchema } from './probe.js';
import { exchangeUnitSchema } from './exchange-unit.js';

/**
 * The figures of one recorded phase. Base units, the unit in each field's name.
 * Every figure is defined, with its known error, in docs/measuring.md.
 * `null` stands where the host cannot tell; `unavailable` then says why.
 */

const count = z.number().int().nonnegative();
const figure = z.number().nonnegative().nullable();

/** Something a reader must know before trusting a figure, and what to do about it. */
export const warningSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
});
export type Warning = z.output<typeof warningSchema>;

export const loadSchema = z.strictObject({
  engine: z.string(),
  unit: exchangeUnitSchema
    .default('request')
    .describe('What is counted wherever fields are named after requests'),
  threads: count,
  connections: z.strictObject({
    requested: count.describe('The most that the plan asks for at once'),
    established: count.describe('Open and usable when the phase ended'),
    failed: count.describe('Wanted when the phase ended, but not open'),
    opened: count.describe('Handshakes completed for the phase, those before its clock included'),
    lost: count.describe('Closed by the server while no request was under way'),
  }),
  requestsPlanned: count.nullable().describe('With a rate or an exact count: what the plan holds'),
  requestsSent: count,
  responses: count.describe('Complete and as the scenario expects'),
  responsesInWindow: count.describe('Those that arrived before the phase’s clock ran out'),
  statusCodes: z.record(z.string(), count),
  errors: z.record(z.string(), count).describe('Requests that were sent and failed, by kind'),
  errorResponses: count
    .nullable()
    .default(null)
    .describe(
      'Responses with a status from 400 on that their request does not expect; null: not told',
    ),
  connectErrors: z
    .record(z.string(), count)
    .describe('Connections that could not be opened, by kind'),
  callsEnded: z
    .record(z.string(), count)
    .default({})
    .describe(
      'Calls of gRPC that were held open and that the server ended, by status: ok, or the kind of an error',
    ),
  inFlightAtEnd: count,
  notSent: z.strictObject({
    shed: count.describe('Later than --deadline before they could be sent'),
    unsent: count.describe('Due, but no connection became free before the phase ended'),
  }),
  durationSeconds: z.number().nonnegative(),
  requestsPerSecond: z.number().nonnegative(),
  lowerBound: z.boolean().describe('The generator was the limit: the server may be faster'),
  offeredPerSecond: z.number().nonnegative().nullable(),
  rateRatio: z.number().nonnegative().nullable().describe('Sent / planned'),
  fanOut: z
    .strictObject({
      receivers: count,
      expected: count.describe('Messages published, for each receiver'),
      delivered: count.describe('In time, each message once to each receiver'),
      deliveredInWindow: count.describe('Those that arrived before the phase’s clock ran out'),
      duplicates: count.describe('Came to a receiver that had it already'),
    })
    .nullable()
    .default(null)
    .describe(
      'One connection published and the others received: the latency is that of deliveries, and responses are messages that went out; null: no fan-out',
    ),
  bytesReceived: count,
  bytesSent: count,
  negotiated: z
    .array(
      z.strictObject({
        http: z.string().describe('1.1, 2, or websocket'),
        transport: z.enum(['tcp', 'unix']).default('tcp'),
        tls: z
          .strictObject({
            version: z.string(),
            cipher: z.string(),
            alpn: z
              .string()
              .nullable()
              .default(null)
              .describe('null: none was chosen, or not told'),
          })
          .nullable(),
        streams: count
          .optional()
          .describe('Requests at once that the server takes, where fewer than asked for'),
      }),
    )
    .default([])
    .describe('What its connections agreed on with the server, each once; tls is null without it'),
  tlsHandshakes: z
    .strictObject({
      full: count,
      resumed: count.describe('Those that took up an earlier session'),
    })
    .nullable()
    .default(null)
    .describe(
      'Completed while connections were opened for the phase and in it; null: no TLS, or not told',
    ),
  failureReasons: z
    .array(z.strictObject({ kind: z.string(), reason: z.string() }))
    .default([])
    .describe(
      'Why something failed, each once, in the words of OpenSSL, or of a server of gRPC; kind is that of the errors',
    ),
});
export type LoadFigures = z.output<typeof loadSchema>;

export const unavailableSchema = z.strictObject({ figure: z.string(), reason: z.string() });
export type Unavailable = z.output<typeof unavailableSchema>;

/** Measured on the server's process and its descendants, during the phase's clock. */
export const serverSchema = z.strictObject({
  startupMs: figure,
  artifactBytes: figure,
  processes: figure,
  cpuUserSeconds: figure,
  cpuSystemSeconds: figure,
  cpuUtilization: figure.describe('CPU seconds per second and CPU that the server may use'),
  cpuUsPerRequest: figure,
  rssIdleBytes: figure,
  rssPeakBytes: figure,
  pssIdleBytes: figure,
  pssPeakBytes: figure,
  bytesPerConnection: z
    .strictObject({
      slope: z.number(),
      low: z.number(),
      high: z.number(),
      r2: z.number(),
      holds: z.array(z.strictObject({ connections: count, rssBytes: count })),
    })
    .nullable(),
  threadsPeak: figure,
  descriptorsPeak: figure,
  contextSwitches: z
    .strictObject({
      voluntary: count,
      involuntary: count,
      perSecond: z.number().nonnegative(),
      perRequest: z.number().nonnegative().nullable(),
    })
    .nullable(),
  runQueueDelayUsPerRequest: figure,
  runQueueDelayMs: figure,
  kernelTcpBytes: figure.describe(
    'Pages the kernel holds for TCP buffers on this host, at the peak',
  ),
  kernelSlabBytes: figure.describe('Kernel slab of this host, at the peak'),
  schedulingDelayUs: schedulingDelaySchema.nullable().default(null),
  scheduling: schedulingSchema.nullable().default(null),
  probe: probeSchema
    .nullable()
    .default(null)
    .describe('What the target’s runtime says of itself; null where it was not asked'),
  unavailable: z.array(unavailableSchema),
});
export type ServerFigures = z.output<typeof serverSchema>;

/** How c1m itself fared: the proof that the generator was not the bottleneck. */
export const generatorSchema = z.strictObject({
  cpuSeconds: figure,
  cpuUsPerRequest: figure,
  cpuUtilization: figure.describe('Of the busiest worker; 1 is one whole CPU'),
  spinning: z.boolean().describe('Workers polled between sends, so their CPU use says nothing'),
  runQueueDelayMs: figure,
  rssPeakBytes: figure,
  pacingLagUs: distributionSchema
    .nullable()
    .describe('Open workload: how late the generator was although a connection was free'),
  wakeUpLagUs: distributionSchema
    .nullable()
    .default(null)
    .describe('With streams of events: how late the workers ran when they had asked to be woken'),
  littlesLawRatio: z
    .number()
    .nullable()
    .describe('Closed workload: throughput × mean latency / connections'),
  saturated: z.boolean(),
  ceiling: z
    .strictObject({
      requestsPerSecond: z.number().positive(),
      share: z.number().nonnegative(),
      measuredAt: z.iso.datetime(),
    })
    .nullable()
    .default(null)
    .describe('What this generator can do on this host, as c1m calibrate found'),
  workers: z.array(
    z.strictObject({
      thread: count,
      cpuSeconds: figure,
      runQueueDelayMs: figure,
      requestsSent: count,
    }),
  ),
});
export type GeneratorFigures = z.output<typeof generatorSchema>;

export const figuresShape = {
  valid: z.boolean(),
  warnings: z.array(warningSchema),
  load: loadSchema,
  latencyUs: censoredDistributionSchema.nullable(),
  serviceTimeUs: censoredDistributionSchema.nullable(),
  connectUs: censoredDistributionSchema.nullable(),
  sendDelayUs: censoredDistributionSchema.nullable(),
  events: eventsSchema
    .nullable()
    .default(null)
    .describe('null: no request asks for a stream of events'),
  server: serverSchema.nullable().describe('null where no server process was measured'),
  generator: generatorSchema,
};

export const phaseKinds = ['idle', 'throughput', 'latency'] as const;
export type PhaseKind = (typeof phaseKinds)[number];

/** What became of one of a scenario's several requests in a phase. */
export const requestFiguresSchema = z.strictObject({
  name: z.string(),
  method: z.string(),
  path: z
    .string()
    .describe(
      'As the scenario has it, without secrets; empty: the path that the target is asked for',
    ),
  weight: z.number().positive(),
  requestsSent: count,
  responses: count.describe('Complete and as the scenario expects'),
  requestsPerSecond: z.number().nonnegative(),
  statusCodes: z.record(z.string(), count),
  errors: z.record(z.string(), count).describe('Requests that were sent and failed, by kind'),
  errorResponses: count.describe('Responses with a status from 400 on that it does not expect'),
  latencyUs: censoredDistributionSchema
    .nullable()
    .describe('Of what was sent: what never was belongs to no request'),
  events: eventsSchema
    .nullable()
    .default(null)
    .describe('Of its own streams; null: it asks for none, or they were not told'),
});
export type RequestFigures = z.output<typeof requestFiguresSchema>;

export const phaseResultSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(phaseKinds),
  startedAtSeconds: z.number().nonnegative().describe('Since the trial began'),
  traced: z.boolean().default(false).describe('Its latency and throughput carry that cost'),
  requests: z
    .array(requestFiguresSchema)
    .default([])
    .describe('Each of the scenario’s requests; empty: there is only one, or it was not told'),
  ...figuresShape,
});
export type PhaseResult = z.output<typeof phaseResultSchema>;
