import fc from 'fast-check';

/** A valid response and what a reader must make of it. */
export interface GeneratedResponse {
  readonly bytes: Buffer;
  readonly status: number;
  readonly bodyBytes: number;
  readonly keepAlive: boolean;
  /** Its body ends with the connection. */
  readonly toClose: boolean;
}

const token = fc.string({
  unit: fc.constantFrom(...Array.from('abcxyzACT019-_!~')),
  minLength: 1,
  maxLength: 12,
});
const value = fc.string({
  unit: fc.constantFrom(...Array.from('abc 019:;,="\t\xfc')),
  maxLength: 20,
});
const body = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const reason = fc.constantFrom(' OK', ' ', ' Not Found', ' \xfcber\t');

const framingNames = /^(content-length|transfer-encoding|connection|content-encoding)$/i;
const field = fc
  .tuple(token, value)
  .filter(([name]) => !framingNames.test(name))
  .map(([name, text]) => `X${name}: ${text}`);
const fields = fc.array(field, { maxLength: 4 });

/** Each letter in either case. */
function anyCase(text: string): fc.Arbitrary<string> {
  return fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) =>
      Array.from(text, (char, i) => (upper[i] ? char.toUpperCase() : char.toLowerCase())).join(''),
    );
}

const interim = fc
  .tuple(fc.constantFrom(100, 102, 103), fields)
  .map(([status, lines]) => lineBlock([`HTTP/1.1 ${status} Wait`, ...lines]));

const chunk = fc.record({
  data: fc.uint8Array({ minLength: 1, maxLength: 20 }),
  zeros: fc.constantFrom('', '0', '000'),
  extension: fc.constantFrom('', ';a', ';a=b;c="d e"'),
});

const chunkedBody = fc.tuple(fc.array(chunk, { maxLength: 4 }), fields).map(([chunks, trailer]) => {
  const parts = chunks.map(({ data, zeros, extension }) =>
    Buffer.concat([
      Buffer.from(`${zeros}${data.length.toString(16)}${extension}\r\n`),
      data,
      Buffer.from('\r\n'),
    ]),
  );
  return {
    bytes: Buffer.concat([...parts, Buffer.from('0\r\n'), lineBlock(trailer)]),
    length: chunks.reduce((sum, { data }) => sum + data.length, 0),
  };
});

type Framing = 'length' | 'chunked' | 'none' | 'close';

/** @param framings the kinds of body to be generated */
export function response(
  framings: readonly Framing[] = ['length', 'chunked', 'none', 'close'],
): fc.Arbitrary<GeneratedResponse> {
  return fc
    .record({
      framing: fc.constantFrom(...framings),
      interims: fc.array(interim, { maxLength: 2 }),
      status: fc.constantFrom(200, 201, 404, 500, 299, 599),
      bodiless: fc.constantFrom(204, 304),
      reason,
      before: fields,
      after: fields,
      lengthName: anyCase('content-length'),
      encodingName: anyCase('transfer-encoding'),
      chunkedWord: anyCase('chunked'),
      close: fc.option(fc.tuple(anyCase('connection'), anyCase('close')), { nil: null, freq: 3 }),
      content: body,
      chunked: chunkedBody,
    })
    .map((parts) => {
      const { framing, content, chunked, close } = parts;
      const lines = [
        `HTTP/1.1 ${framing === 'none' ? parts.bodiless : parts.status}${parts.reason}`,
        ...parts.before,
      ];
      if (framing === 'length') lines.push(`${parts.lengthName}: ${content.length}`);
      if (framing === 'chunked') lines.push(`${parts.encodingName}:${parts.chunkedWord} `);
      if (close !== null) lines.push(`${close[0]}: ${close[1]}`);
      const bodies = {
        length: content,
        chunked: chunked.bytes,
        none: Buffer.alloc(0),
        close: content,
      };
      const lengths = {
        length: content.length,
        chunked: chunked.length,
        none: 0,
        close: content.length,
      };
      return {
        bytes: Buffer.concat([
          ...parts.interims,
          lineBlock([...lines, ...parts.after]),
          bodies[framing],
        ]),
        status: framing === 'none' ? parts.bodiless : parts.status,
        bodyBytes: lengths[framing],
        keepAlive: close === null && framing !== 'close',
        toClose: framing === 'close',
      };
    });
}

function lineBlock(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\r\n`).join('') + '\r\n', 'latin1');
}
