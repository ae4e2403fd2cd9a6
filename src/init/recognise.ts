import path from 'node:path';
import { goProject } from './go-project.js';
import { javaProject } from './java-project.js';
import { nodeProject } from './node-project.js';
import { manifestName, type Project } from './project.js';
import { pythonProject } from './python-project.js';

/** Go's and Java's files are there for the program alone; a package.json may only serve its pages. */
const languages = [goProject, javaProject, nodeProject, pythonProject];

/** What c1m can recognise a project by. */
export const projectFiles =
  'package.json, go.mod, pom.xml, build.gradle, pyproject.toml or requirements.txt';

/** The first kind of project in a folder that tells how it starts; else the first; else null. */
export async function recognise(folder: string): Promise<Project | null> {
  const found: Project[] = [];
  for (const language of languages) {
    const project = await language(path.resolve(folder));
    if (project === null) continue;
    if (project.start !== null) return project;
    found.push(project);
  }
  return found[0] ?? null;
}

/** A project of which nothing is known but what its user says. */
export function unknownProject(folder: string): Project {
  return {
    file: '',
    name: manifestName(path.basename(path.resolve(folder))),
    runtime: { name: 'none' },
    build: [],
    start: null,
    runsIn: 'source',
    env: {},
    listens: { kind: 'unknown' },
    notes: [],
  };
}
