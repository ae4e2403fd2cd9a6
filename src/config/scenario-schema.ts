import { z } from 'zod';
import type { Ramp } from '../basis/ramp.js';
import { proxyVersions, type Arrival, type Phase, type ResponseCheck } from '../load/plan.js';
import { parseHeader, parseMethod, parsePath } from './request-syntax.js';
import { tlsDefaults } from '../tls/settings.js';
import { parseServerName, parseTlsVersion } from './tls-words.js';
import { parseStreamFormat } from './stream-format.js';
import { phaseBreaches } from './scenario-rules.js';
import {
  engineChoices,
  mostStreams,
  scenarioDefaults,
  schedulingDefaults,
  type SchedulingLoads,
} from './scenario.js';
import {
  parseConnections,
  parseCount,
  parseDuration,
  parseRate,
  parseShare,
  parseSteadyRate,
} from '../basis/units.js';
import { parseThreshold } from '../thresholds/threshold.js';
import type { Parsed, Written } from '../basis/units.js';
import { asWritten, taken } from './written.js';

/** A text or number in the user's units. */
function quantity<T>(parse: (written: Written) => Parsed<T>): z.ZodType<T> {
  return z.unknown().transform((value, issues) => {
    return taken(parse(asWritten(value)), issues);
  });
}

/** As `quantity`, or `{from, to}`. */
function ramp(parse: (written: Written) => Parsed<Ramp>): z.ZodType<Ramp> {
  return z.unknown().transform((value, issues): Ramp => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return taken(parse(asWritten(value)), issues);
    }
    const ends = value as Readonly<Record<string, unknown>>;
    const others = Object.keys(ends).filter((key) => key !== 'from' && key !== 'to');
    if (others.length > 0) {
      issues.addIssue({ code: 'unrecognized_keys', keys: others, input: ends });
    }
    const [from, to] = ['from', 'to'].map((key) => {
      const end = ends[key];
      if (end !== undefined) return taken(parse(asWritten(end)), issues, [key]);
      const remedy = 'Write both ends, such as {from: 100, to: 5k}.';
      return taken<Ramp>({ ok: false, message: `has no "${key}"`, remedy }, issues);
    }) as [Ramp, Ramp];
    return issues.issues.length > 0 ? z.NEVER : { from: from.from, to: to.to };
  });
}

const headerValue = z.union(
  [z.string(), z.number(), z.array(z.union([z.string(), z.number()]))],
  'must be a text, or a list of texts',
);

const headers = z
  .record(z.string(), headerValue)
  .transform((record, issues) =>
    Object.entries(record).flatMap(([name, values]) =>
      [values]
        .flat()
        .map((value) =>
          taken(parseHeader(name, String(value), 'keepAlive: false'), issues, [name]),
        ),
    ),
  );

const expectation = z
  .strictObject({
    status: z.number().int().min(100).max(599).optional(),
    bodyContains: z.string().min(1).optional(),
  })
  .transform(({ status, bodyContains }): ResponseCheck => ({
    status: status ?? null,
    bodyContains: bodyContains ?? null,
  }));

export const requestSchema = z
  .strictObject({
    name: z.string().min(1).optional(),
    path: z
      .string()
      .transform((path, issues) => taken(parsePath(path), issues))
      .default(''),
    method: z
      .string()
      .transform((method, issues) => taken(parseMethod(method), issues))
      .optional(),
    weight: z.number().positive().max(1e9).default(1),
    headers: headers.default([]),
    body: z.string().optional(),
    bodyFile: z.string().min(1).optional(),
    call: z.string().min(1).optional(),
    /** JSON, or what YAML makes of it; a list is several. */
    message: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .optional(),
    expect: expectation.default({ status: null, bodyContains: null }),
    stream: z
      .union([z.string(), z.boolean()])
      .transform((written, issues) => taken(parseStreamFormat(written), issues))
      .default(null),
  })
  .superRefine((request, issues) => {
    if (request.body === undefined || request.bodyFile === undefined) return;
    issues.addIssue({
      code: 'custom',
      message: 'body and bodyFile exclude each other',
      path: ['bodyFile'],
      params: { remedy: 'Keep one of them.' },
    });
  });

const phaseSchema = z
  .strictObject({
    name: z.string().min(1).optional(),
    duration: quantity(parseDuration).optional(),
    requests: z.union([z.literal('each'), quantity(parseCount)]).optional(),
    connections: ramp(parseConnections),
    arrival: z.literal('closed').optional(),
    rate: ramp(parseRate).optional(),
    touch: z.boolean().optional(),
    record: z.boolean().default(true),
  })
  .transform((written, issues): Omit<Phase, 'name'> & { readonly name: string | null } => {
    const arrival = arrivalOf(written.rate, written.touch ?? false);
    const phase = {
      name: written.name ?? null,
      durationMicros: written.duration ?? null,
      requests: written.requests ?? null,
      connections: written.connections,
      arrival,
      record: written.record,
    };
    const breaches = phaseBreaches(phase);
    if (written.arrival && written.rate) {
      breaches.push({
        key: 'arrival',
        message: 'arrival: closed and rate exclude each other',
        remedy: 'Keep arrival: closed for the most the server can do, or rate for an even pace.',
      });
    }
    if (written.touch !== undefined && arrival.kind !== 'idle') {
      breaches.push({
        key: 'touch',
        message: 'touch is for idle holds',
        remedy: 'Give rate: 0, or leave touch out.',
      });
    }
    for (const { key, message, remedy } of breaches) {
      issues.addIssue({ code: 'custom', message, path: [key], params: { remedy } });
    }
    return phase;
  });

function arrivalOf(rate: Ramp | undefined, touch: boolean): Arrival {
  if (rate === undefined) return { kind: 'closed' };
  if (rate.from === 0 && rate.to === 0) return { kind: 'idle', touch };
  return { kind: 'open', ratePerSecond: rate };
}

const shares = z
  .array(quantity(parseShare))
  .min(1)
  .transform((written) => written.toSorted((a, b) => a - b));

const schedulingSchema = z
  .strictObject({
    rate: quantity(parseSteadyRate).default(schedulingDefaults.lowRatePerSecond),
    rateConnections: quantity(parseCount).default(schedulingDefaults.lowConnections),
    loads: shares.default([...schedulingDefaults.shares]),
    connections: quantity(parseCount).default(schedulingDefaults.connections),
    duration: quantity(parseDuration).default(schedulingDefaults.durationMicros),
  })
  .transform((written): SchedulingLoads => ({
    lowRatePerSecond: written.rate,
    lowConnections: written.rateConnections,
    shares: written.loads,
    connections: written.connections,
    durationMicros: written.duration,
  }));

/** Files are named as they are from the scenario's folder. */
const tlsSchema = z.strictObject({
  verify: z.boolean().default(tlsDefaults.verify),
  cacert: z.string().min(1).optional(),
  cert: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  min: quantity((written) => parseTlsVersion(String(written))).optional(),
  max: quantity((written) => parseTlsVersion(String(written))).optional(),
  servername: quantity((written) => parseServerName(String(written))).optional(),
  resume: z.boolean().default(tlsDefaults.resume),
});

/** Named as they are from the scenario's folder. */
const files = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const conditions = z.array(
  z.string().transform((written, issues) => taken(parseThreshold(written, 'failIf'), issues)),
);

/** A scenario file, as YAML gives it; the files that it names are not read yet. */
export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  description: z.string().default(''),
  requests: z.array(requestSchema).min(1),
  data: z.string().min(1).optional(),
  keepAlive: z.boolean().default(scenarioDefaults.keepAlive),
  timeout: quantity(parseDuration).optional(),
  connectTimeout: quantity(parseDuration).optional(),
  deadline: quantity(parseDuration).optional(),
  phases: z.array(phaseSchema).min(1),
  scheduling: schedulingSchema.optional(),
  targets: z.array(z.string().min(1)).default([]),
  trials: z.number().int().min(1).max(1000).default(scenarioDefaults.trials),
  engine: z.enum(engineChoices).default(scenarioDefaults.engine),
  http2: z.boolean().default(scenarioDefaults.http2),
  fanOut: z.boolean().default(scenarioDefaults.fanOut),
  protocol: z.enum(['http', 'grpc', 'websocket']).default('http'),
  proto: files.optional(),
  protoPath: files.optional(),
  pingPong: z.boolean().default(false),
  tls: tlsSchema.prefault({}),
  unix: z.string().min(1).optional(),
  proxyProtocol: z.enum(proxyVersions).optional(),
  streams: z.number().int().min(1).max(mostStreams).default(scenarioDefaults.streams),
  threads: quantity(parseCount).optional(),
  seed: z.number().int().nonnegative().default(scenarioDefaults.seed),
  failIf: conditions.default([]),
});

/** The keys that each part of a scenario may have; a part is named by the key that leads to it. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(scenarioSchema.shape),
  requests: Object.keys(requestSchema.shape),
  phases: Object.keys(phaseSchema.in.shape),
  tls: Object.keys(tlsSchema.shape),
  scheduling: Object.keys(schedulingSchema.in.shape),
  expect: Object.keys(expectation.in.shape),
  connections: ['from', 'to'],
  rate: ['from', 'to'],
};
