import { z } from 'zod';

/** The runtimes that c1m knows how to find a toolchain for. `none` needs none. */
export const runtimeNames = ['go', 'java', 'python', 'node', 'none'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

/**
 * How a target takes part: `server` answers CONTRACT.md, `program` answers PROGRAM.md. `client` joins
 * later; the schema already has its place.
 */
const targetRoles = ['server', 'client', 'program'] as const;
export type TargetRole = (typeof targetRoles)[number];

/** What CONTRACT.md defines: endpoints, and HTTP/2 as another way to ask for them. */
const served = [
  ...['plaintext', 'json', 'echo', 'sleep', 'cpu', 'users', 'health', 'probe'],
  ...['http2', 'events', 'websocket', 'room'],
] as const;
export type Served = (typeof served)[number];

const command = z
  .array(z.string().min(1))
  .min(1)
  .describe(
    'A command and its arguments, without a shell. Placeholders: {src} the target folder, {build} its build folder in the cache, {port}, and the toolchain: {go}, {java}, {javac}, {jar}, {python}, {venv}, {node}.',
  );

/** `target.yaml`, the manifest of a server or program that c1m can build, start and measure. */
export const manifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and dashes, e.g. "go-bare"'),
  description: z.string().min(1),
  role: z.enum(targetRoles).default('server'),
  family: z
    .enum(['bare', 'stack', 'custom'])
    .default('custom')
    .describe('bare: accept loop and one task per connection; stack: what people deploy'),
  runtime: z.strictObject({
    name: z.enum(runtimeNames),
    minVersion: z
      .string()
      .regex(/^\d+(\.\d+)*$/, 'a version such as "21" or "3.10"')
      .optional(),
  }),
  build: z
    .array(command)
    .default([])
    .describe('Commands run in order, in the target folder, once per source hash and toolchain'),
  requirements: z
    .string()
    .optional()
    .describe(
      'Python: a pinned requirements file, installed into a virtual environment in the cache',
    ),
  start: command,
  env: z.record(z.string(), z.string()).default({}),
  artifact: z
    .string()
    .optional()
    .describe(
      'File or folder whose bytes are what is deployed (placeholders as in commands); without it, the target folder',
    ),
  ready: z
    .strictObject({
      path: z.string().startsWith('/').default('/health'),
      listening: z
        .boolean()
        .default(false)
        .describe(
          'It is ready once it accepts connections: it speaks another protocol than HTTP/1.1',
        ),
      http2: z
        .boolean()
        .default(false)
        .describe('It is asked over HTTP/2, by prior knowledge: it speaks no HTTP/1.1'),
      timeoutSeconds: z.number().positive().default(30),
    })
    .prefault({})
    .describe('How long a server may take to answer `path`, or a program to answer a command'),
  serves: z
    .array(z.enum(served))
    .default(['health'])
    .describe(
      'The endpoints and protocols of CONTRACT.md that it answers; `c1m targets check` tests just these',
    ),
  limits: z
    .strictObject({
      connections: z.number().int().positive().optional(),
    })
    .default({}),
});

export type Manifest = z.output<typeof manifestSchema>;

/** What a server is asked for where nothing says what: one that keeps to no contract answers its ready path. */
export function defaultPath({ serves, ready }: Manifest): string {
  return serves.includes('plaintext') ? '/plaintext' : ready.path;
}
