import { chmod, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { Toolchains } from '../../src/targets/toolchain.js';
import type { SearchPlaces } from '../../src/targets/toolchains/search.js';
import { temporaryFolder, writeFiles } from './fixtures.js';

async function emptyPlaces(): Promise<SearchPlaces> {
  const root = await temporaryFolder();
  return { env: { PATH: '' }, home: path.join(root, 'home'), root, platform: 'linux' };
}

async function fakeJdk(
  folder: string,
  version: string,
  runtimeVersion = version,
  tools = ['javac', 'jar'],
) {
  await writeFiles(folder, {
    release: `IMPLEMENTOR="Test"\nJAVA_RUNTIME_VERSION="${runtimeVersion}"\nJAVA_VERSION="${version}"\n`,
  });
  const files = ['java', ...tools].map((name): [string, string] => [
    `bin/${name}`,
    '#!/bin/sh\nexit 1\n',
  ]);
  await writeFiles(folder, Object.fromEntries(files), 0o755);
}

/** An interpreter that answers the search's question without being one. */
async function fakePython(file: string, answer: Readonly<Record<string, unknown>> | null) {
  const script =
    answer === null
      ? 'exit 1'
      : `echo '${JSON.stringify({ usual: true, defect: null, ...answer })}'`;
  await writeFiles(path.dirname(file), { [path.basename(file)]: `#!/bin/sh\n${script}\n` }, 0o755);
}

describe('the Java toolchain', () => {
  it('is the newest JDK that satisfies the target, not the first on the PATH', async () => {
    const places = await emptyPlaces();
    const jvm = path.join(places.root, 'usr/lib/jvm');
    await fakeJdk(path.join(jvm, 'java-17'), '17.0.19');
    await fakeJdk(path.join(jvm, 'temurin-25'), '25.0.3');
    await fakeJdk(path.join(jvm, 'zulu-21'), '21.0.2');
    const bin = path.join(places.root, 'bin');
    await writeFiles(bin, { keep: '' });
    await symlink(path.join(jvm, 'java-17/bin/java'), path.join(bin, 'java'));
    places.env = { PATH: bin, JAVA_HOME: path.join(jvm, 'zulu-21') };
    expect(await new Toolchains(places).find({ name: 'java', minVersion: '21' })).toEqual({
      found: true,
      runtime: 'java',
      version: '25.0.3',
      commands: {
        java: path.join(jvm, 'temurin-25/bin/java'),
        javac: path.join(jvm, 'temurin-25/bin/javac'),
        jar: path.join(jvm, 'temurin-25/bin/jar'),
      },
    });
  });

  it('is found with SDKMAN and where macOS keeps it', async () => {
    const places = await emptyPlaces();
    await fakeJdk(path.join(places.home, '.sdkman/candidates/java/21-tem'), '21.0.1');
    const mac = path.join(places.root, 'Library/Java/JavaVirtualMachines/temurin-24.jdk');
    expect(await new Toolchains(places).find({ name: 'java' })).toMatchObject({
      version: '21.0.1',
    });
    await fakeJdk(path.join(mac, 'Contents/Home'), '24');
    expect(await new Toolchains(places).find({ name: 'java' })).toMatchObject({ version: '24' });
  });

  it('is no JRE, and early access only for want of a release', async () => {
    const places = await emptyPlaces();
    const jvm = path.join(places.root, 'usr/lib/jvm');
    await fakeJdk(path.join(jvm, 'jre-25'), '25', '25', []);
    await fakeJdk(path.join(jvm, 'jdk-26-ea'), '26', '26-ea+5');
    const toolchains = new Toolchains(places);
    expect(await toolchains.find({ name: 'java' })).toMatchObject({ version: '26-ea' });
    await fakeJdk(path.join(jvm, 'jdk-21'), '21.0.2');
    const again = new Toolchains(places);
    expect(await again.find({ name: 'java' })).toMatchObject({ version: '21.0.2' });
  });

  it('is named with what was found and the way to get it when it is missing', async () => {
    const places = await emptyPlaces();
    const home = path.join(places.root, 'usr/lib/jvm/java-17');
    await fakeJdk(home, '17.0.19');
    expect(await new Toolchains(places).find({ name: 'java', minVersion: '21' })).toEqual({
      found: false,
      runtime: 'java',
      reason: `Java ≥ 21 not found (found 17.0.19 at ${home})`,
      remedy: 'Install Temurin: https://adoptium.net, or set JAVA_HOME to a JDK.',
    });
  });
});

describe('the Go toolchain', () => {
  it('is the newest of the places where Go is put', async () => {
    const places = await emptyPlaces();
    for (const [folder, version] of [
      ['usr/local/go', 'go1.22.1'],
      ['home/go/go1.26.8', 'go1.26.8'],
      ['usr/lib/go-1.9', 'go1.9'],
    ] as const) {
      await writeFiles(path.join(places.root, folder), { VERSION: `${version}\ntime 2026\n` });
      await writeFiles(path.join(places.root, folder, 'bin'), { go: '#!/bin/sh\n' }, 0o755);
    }
    expect(await new Toolchains(places).find({ name: 'go', minVersion: '1.22' })).toEqual({
      found: true,
      runtime: 'go',
      version: '1.26.8',
      commands: { go: path.join(places.root, 'home/go/go1.26.8/bin/go') },
    });
  });
});

describe('the Python toolchain', () => {
  it('is the newest final release; what is broken or unfinished is passed over', async () => {
    const places = await emptyPlaces();
    const bin = (version: string) =>
      path.join(places.home, '.pyenv/versions', version, 'bin/python3');
    await fakePython(bin('3.10.13'), { version: '3.10.13' });
    await fakePython(bin('3.12.1'), { version: '3.12.1' });
    await fakePython(bin('3.13.0'), {
      version: '3.13.0',
      defect: 'cannot make virtual environments',
    });
    await fakePython(bin('3.13.5t'), { version: '3.13.5', usual: false });
    await fakePython(bin('3.14.0'), null);
    await fakePython(bin('3.15.0a1'), { version: '3.15.0a1' });
    const found = await new Toolchains(places).find({ name: 'python', minVersion: '3.10' });
    expect(found).toMatchObject({ version: '3.12.1', commands: { python: bin('3.12.1') } });
  });

  it('is missing where it cannot make virtual environments, which is said', async () => {
    const places = await emptyPlaces();
    const file = path.join(places.root, 'usr/bin/python3');
    await fakePython(file, { version: '3.12.1', defect: 'cannot make virtual environments' });
    expect(await new Toolchains(places).find({ name: 'python' })).toMatchObject({
      found: false,
      reason: `Python not found (found 3.12.1 at ${file} (cannot make virtual environments))`,
    });
    await chmod(file, 0o644);
    expect(await new Toolchains(places).find({ name: 'python' })).toMatchObject({
      reason: 'Python not found',
    });
  });
});

describe('the Node toolchain', () => {
  it('is the Node that runs c1m', async () => {
    const toolchains = new Toolchains(await emptyPlaces());
    expect(await toolchains.find({ name: 'node', minVersion: '20' })).toMatchObject({
      version: process.versions.node,
      commands: { node: process.execPath },
    });
    expect(await toolchains.find({ name: 'node', minVersion: '999' })).toMatchObject({
      found: false,
      reason: `Node ≥ 999 not found (found ${process.versions.node} at ${process.execPath})`,
    });
  });
});
