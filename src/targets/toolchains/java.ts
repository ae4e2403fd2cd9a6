import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

import { parseVersion, type Version } from '../version.js';
import {
  distinctExecutables,
  executableName,
  isExecutable,
  pathFolders,
  probe,
  subFolders,
  type Candidate,
  type SearchPlaces,
} from './search.js';

export async function findJava(places: SearchPlaces): Promise<Candidate[]> {
  const { env, home, root } = places;
  const java = executableName('java', places);
  const macHomes = [
    ...(await subFolders(path.join(root, 'Library/Java/JavaVirtualMachines'))),
    ...(await subFolders(path.join(home, 'Library/Java/JavaVirtualMachines'))),
  ].map((folder) => path.join(folder, 'Contents/Home'));
  const homes = [
    ...(env['JAVA_HOME'] === undefined ? [] : [env['JAVA_HOME']]),
    ...(await subFolders(path.join(root, 'usr/lib/jvm'))),
    ...(await subFolders(path.join(root, 'opt/java'))),
    ...(await subFolders(path.join(home, '.sdkman/candidates/java'))),
    ...(await subFolders(path.join(home, '.jdks'))),
    ...macHomes,
  ];
  const files = await distinctExecutables([
    ...homes.map((folder) => path.join(folder, 'bin', java)),
    ...pathFolders(places).map((folder) => path.join(folder, java)),
  ]);
  const candidates = await Promise.all(files.map((file) => describeJdk(file, places)));
  return candidates.filter((candidate) => candidate !== null);
}

async function describeJdk(file: string, places: SearchPlaces): Promise<Candidate | null> {
  // /usr/bin/java is a link into the installation, where javac and jar lie beside it.
  const bin = path.dirname(await realpath(file));
  const where = path.dirname(bin);
  const version = (await releaseVersion(where)) ?? (await spokenVersion(file, places.env));
  if (version === null) return null;
  const commands = {
    java: path.join(bin, executableName('java', places)),
    javac: path.join(bin, executableName('javac', places)),
    jar: path.join(bin, executableName('jar', places)),
  };
  const complete = (await isExecutable(commands.javac)) && (await isExecutable(commands.jar));
  return { where, version, commands, ...(complete ? {} : { defect: 'a JRE, without javac' }) };
}

/** Every JDK says in a file what it is, which spares the start of a JVM. */
async function releaseVersion(home: string): Promise<Version | null> {
  try {
    const text = await readFile(path.join(home, 'release'), 'utf8');
    const version = /^JAVA_VERSION="?([^"\s]+)/m.exec(text)?.[1];
    // Early access builds differ from releases only here: JAVA_RUNTIME_VERSION="26-ea+5".
    const early = /^JAVA_RUNTIME_VERSION="?[\d.]+-(ea|internal|beta)/m.test(text);
    return version === undefined ? null : parseVersion(early ? `${version}-ea` : version);
  } catch {
    return null;
  }
}

async function spokenVersion(file: string, env: NodeJS.ProcessEnv): Promise<Version | null> {
  const output = await probe(file, ['-version'], env);
  const version = /version "([^"]+)"/.exec(output ?? '')?.[1];
  return version === undefined ? null : parseVersion(version);
}
