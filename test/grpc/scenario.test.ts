import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioDocument } from '../../src/config/scenario-document.js';
import { parseScenario } from '../../src/config/scenario-file.js';
import { greeterFile } from './greeter-server.js';

const folder = mkdtempSync(join(tmpdir(), 'c1m-grpc-'));
mkdirSync(join(folder, 'protos'));
copyFileSync(greeterFile, join(folder, 'greeter.proto'));
writeFileSync(join(folder, 'people.csv'), 'name,id\nAda,7\n');
writeFileSync(
  join(folder, 'outer.proto'),
  'syntax = "proto3"; import "inner.proto"; service S { rpc M (In) returns (In); }',
);
writeFileSync(
  join(folder, 'protos', 'inner.proto'),
  'syntax = "proto3"; message In { string a = 1; }',
);
writeFileSync(join(folder, 'broken.proto'), 'syntax = "proto3";\nmessage {');

const head = `name: calls
protocol: grpc
proto: greeter.proto
phases: [{ duration: 1s, connections: 2 }]
`;
const scenario = (text: string): ReturnType<typeof parseScenario> =>
  parseScenario(text, join(folder, 'calls.yaml'));

describe('a scenario of calls', () => {
  it('names methods, and gives messages in YAML or JSON', async () => {
    const { requests, http2 } = await scenario(`${head}data: people.csv
requests:
  - call: test.greeter.Greeter/SayHello
    message: { name: '{row.name}', id: '{row.id}' }
    headers: { authorization: Bearer x }
  - call: test.greeter.Greeter.Sum
    name: sums
    message: '[{}, {"id": {seq}}]'
`);
    expect(http2).toBe(true);
    const [first, second] = requests;
    expect(first).toMatchObject({
      name: 'test.greeter.Greeter/SayHello',
      method: 'POST',
      path: '/test.greeter.Greeter/SayHello',
      body: null,
      expect: { status: 200 },
      grpc: { kind: 'unary', method: 'test.greeter.Greeter/SayHello' },
    });
    expect(first!.headers).toEqual([
      ['Content-Type', 'application/grpc'],
      ['TE', 'trailers'],
      ['authorization', 'Bearer x'],
    ]);
    expect(second).toMatchObject({ name: 'sums', grpc: { kind: 'client-streaming' } });
    expect(second!.grpc!.messages).toHaveLength(2);
  });

  it('is kept in the words of its file, without what may be secret', async () => {
    const kept = scenarioDocument(
      await scenario(
        `${head}requests: [{ call: test.greeter.Greeter/SayHello, message: { name: x } }]`,
      ),
    );
    expect(kept).toMatchObject({
      protocol: 'grpc',
      requests: [{ call: 'test.greeter.Greeter/SayHello' }],
    });
    expect(JSON.stringify(kept)).not.toContain('"x"');
  });

  it('finds what its files import', async () => {
    const outer = head.replace('greeter.proto', 'outer.proto');
    const requests = 'requests: [{ call: S/M, message: { a: x } }]';
    await expect(scenario(outer + requests)).rejects.toThrow(/imports inner\.proto[^]*protoPath/);
    const found = await scenario(`${outer}protoPath: protos\n${requests}`);
    expect(found.requests[0]!.grpc!.method).toBe('S/M');
  });

  it.each([
    ['requests: [{ path: /x }]', /requests\[0\]: it names no method/],
    ['requests: [{ call: test.greeter.Greeter/SayHello, path: /x }]', /path: a call has none/],
    ['requests: [{ call: test.greeter.Greeter/SayHello, body: x }]', /body: a call has none/],
    [
      'requests: [{ call: test.greeter.Greeter/SayHelo }]',
      /5:20: there is no method[^]*SayHello\?/,
    ],
    [
      'requests: [{ call: test.greeter.Greeter/SayHello, message: { nam: x } }]',
      /calls\.yaml:5:\d+: .*unknown field: "nam"\n.*name \(string\), id \(int64\)/,
    ],
    [
      'requests: [{ call: test.greeter.Greeter/SayHello, message: { name: "{sq}" } }]',
      /Did you mean \{seq\}\?/,
    ],
  ])('%s is refused where it stands', async (requests, said) => {
    await expect(scenario(head + requests)).rejects.toThrow(said);
  });

  const chat = 'call: test.greeter.Greeter/Chat';
  it.each([
    [
      'requests: [{ call: test.greeter.Greeter/Many }]',
      /5:20: test\.greeter\.Greeter\/Many is server-streaming[^]*leave --ping-pong out/,
    ],
    [`requests: [{ ${chat}, message: [{}, {}] }]`, /2 messages are given[^]*several requests/],
    [
      `requests: [{ ${chat} }, { ${chat}, name: x, headers: { a: b } }]`,
      /6:11: pingPong: all messages go on the same calls/,
    ],
    [`requests: [{ ${chat}, expect: { status: 200 } }]`, /pingPong: a message has no status/],
    [`requests: [{ ${chat} }]\nkeepAlive: false`, /pingPong: .*keeps its connection/],
  ])('with pingPong: true, %s is refused', async (requests, said) => {
    await expect(scenario(`${head}${requests}\npingPong: true`)).rejects.toThrow(said);
  });

  it('takes pingPong for calls only', async () => {
    await expect(
      scenario(
        'name: x\nrequests: [{ path: / }]\nphases: [{ duration: 1s, connections: 1 }]\npingPong: true',
      ),
    ).rejects.toThrow(/4:11: pingPong: .*calls of gRPC\n.*protocol: grpc/);
  });

  it.each([
    ['protocol: grpc\n', '', /call: the scenario is not one of gRPC/],
    ['proto: greeter.proto\n', '', /call: what its messages look like is not known/],
    ['greeter.proto', 'none.proto', /3:8: there is no file .*none\.proto/],
    ['greeter.proto', 'broken.proto', /3:8: .*line 2/],
  ])('without %j, or with %j in its place, it says what lacks', async (part, other, said) => {
    const requests = 'requests: [{ call: test.greeter.Greeter/SayHello }]';
    await expect(scenario(head.replace(part, other) + requests)).rejects.toThrow(said);
  });
});
