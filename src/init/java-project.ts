import path from 'node:path';
import { asTold, copyStep, manifestName, type Project } from './project.js';
import { hasFile, listening, sourceFiles, textOf } from './source-files.js';

/** What frameworks read their port from, by a word in the build file. */
const portVariables: readonly (readonly [RegExp, string])[] = [
  [/spring-boot|org\.springframework\.boot/, 'SERVER_PORT'],
  [/quarkus/, 'QUARKUS_HTTP_PORT'],
  [/micronaut/, 'MICRONAUT_SERVER_PORT'],
];

/** How one of the build tools makes a jar in the copy of the project. */
interface BuildTool {
  readonly file: string;
  readonly wrapper: string;
  readonly command: string;
  readonly flags: string;
  readonly output: string;
}

const tools: readonly BuildTool[] = [
  {
    file: 'pom.xml',
    wrapper: 'mvnw',
    command: 'mvn',
    flags: '-q -B -DskipTests package',
    output: 'target',
  },
  ...['build.gradle.kts', 'build.gradle'].map((file) => ({
    file,
    wrapper: 'gradlew',
    command: 'gradle',
    flags: '-q --no-daemon -x test build',
    output: 'build/libs',
  })),
];

export async function javaProject(folder: string): Promise<Project | null> {
  for (const tool of tools) {
    const text = await textOf(folder, tool.file);
    if (text !== null) return describe(folder, tool, text);
  }
  return null;
}

async function describe(folder: string, tool: BuildTool, text: string): Promise<Project> {
  const wrapped = await hasFile(folder, tool.wrapper);
  const make = `${wrapped ? `sh ./${tool.wrapper}` : tool.command} ${tool.flags}`;
  const quarkus = text.includes('quarkus');
  const port = portVariables.find(([word]) => word.test(text))?.[1];
  const minVersion = versionIn(text);
  const runnable =
    port !== undefined ||
    /mainClass|Main-Class|application/.test(text) ||
    !tool.file.endsWith('.xml');
  return {
    file: tool.file,
    name: manifestName(await nameOf(folder, text)),
    runtime: { name: 'java', ...(minVersion === undefined ? {} : { minVersion }) },
    build: [
      copyStep('target', 'build', '.gradle'),
      ['sh', '-c', `cd "$0" && ${make}`, '{build}'],
      // The largest is the one with everything in it.
      ...(quarkus
        ? []
        : [
            [
              'sh',
              '-c',
              `cp "$(ls -S "$0"/${tool.output}/*.jar | head -n 1)" "$0"/server.jar`,
              '{build}',
            ],
          ]),
    ],
    start: [
      '{java}',
      '-jar',
      quarkus ? '{build}/target/quarkus-app/quarkus-run.jar' : '{build}/server.jar',
    ],
    runsIn: 'source',
    env: port === undefined ? {} : { [port]: '{port}' },
    artifact: quarkus ? '{build}/target/quarkus-app' : '{build}/server.jar',
    listens: port === undefined ? listening(await sourceFiles(folder, ['.java', '.kt'])) : asTold,
    notes: runnable
      ? []
      : [
          `${tool.file} names no main class: \`java -jar\` needs a Main-Class in the jar’s manifest`,
        ],
  };
}

function versionIn(text: string): string | undefined {
  return /<(?:maven\.compiler\.(?:release|source)|java\.version|release)>(\d+)<|JavaLanguageVersion\.of\((\d+)\)|(?:source|target)Compatibility\s*=\s*(?:JavaVersion\.VERSION_)?['"]?(\d+)/
    .exec(text)
    ?.slice(1)
    .join('');
}

async function nameOf(folder: string, text: string): Promise<string> {
  const own = text.replace(/<(parent|dependencies|build|profiles)>.*?<\/\1>/gs, '');
  const artifact = /<artifactId>([^<]+)</.exec(own)?.[1];
  if (artifact !== undefined) return artifact;
  for (const settings of ['settings.gradle.kts', 'settings.gradle']) {
    const name = /rootProject\.name\s*=\s*['"]([^'"]+)/.exec(
      (await textOf(folder, settings)) ?? '',
    )?.[1];
    if (name !== undefined) return name;
  }
  return path.basename(folder);
}
