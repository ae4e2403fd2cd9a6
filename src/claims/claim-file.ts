import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { nearestName } from '../basis/nearest-name.js';
import { ConfigError, type Problem } from '../basis/problem.js';
import { parseDecimal, parseTime, type Parsed } from '../basis/units.js';
import { findScenario } from '../config/scenario-catalog.js';
import { loadScenario, readText } from '../config/scenario-file.js';
import type { Scenario } from '../config/scenario.js';
import { label, schemaProblems } from '../config/scenario-problems.js';
import { YamlSource } from '../config/yaml-source.js';
import { unitParsers } from '../figures/unit-parsers.js';
import { boundKinds, type ClaimFigure } from '../results/claims.js';
import { loadCatalog, readTarget, selectTargets, type Target } from '../targets/catalog.js';
import type { ArmPlan, Claim, Condition } from './claim.js';
import {
  claimSchema,
  claimWords,
  type WrittenArm,
  type WrittenClaim,
  type WrittenCondition,
  type WrittenFigure,
} from './claim-schema.js';
import { ownFigure, ownFigureNames } from './figures.js';

/**
 * Reads the file of a claim, its targets and its scenarios.
 * @param word as it is named on the command line
 * @throws ConfigError with all problems, each with its line
 */
export async function loadClaim(file: string, word: string): Promise<Claim> {
  const text = await readText(file, file);
  if (typeof text !== 'string') throw new ConfigError([text]);
  const source = new YamlSource(file, text);
  if (source.problems.length > 0) throw new ConfigError(source.problems);
  const parsed = claimSchema.safeParse(source.toValue(), { reportInput: true });
  if (!parsed.success) {
    throw new ConfigError(schemaProblems(parsed.error.issues, source, claimWords));
  }
  const reader = new ClaimReader(parsed.data, source, dirname(file));
  const { figures, arms, conditions } = await reader.read();
  const { name, title, sentence, said, processes, quick, open } = parsed.data;
  return {
    ...{ name, title, said, figures, arms, conditions, word, processes },
    quickProcesses: Math.min(quick, processes),
    sentence: { english: sentence.english, original: sentence.original ?? null },
    source: parsed.data.source,
    open: open ?? null,
    hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

/** What the schema cannot see: what names stand for, and whether the parts fit each other. */
class ClaimReader {
  readonly #problems: Problem[] = [];

  constructor(
    readonly written: WrittenClaim,
    readonly source: YamlSource,
    readonly folder: string,
  ) {}

  async read(): Promise<Pick<Claim, 'figures' | 'arms' | 'conditions'>> {
    const { written } = this;
    const figures = written.figures.map((figure, index) => this.#figure(figure, index));
    const arms: (ArmPlan | null)[] = [];
    for (const [index, arm] of written.arms.entries()) arms.push(await this.#arm(arm, index));
    this.#refuseTwins('figures', written.figures);
    this.#refuseTwins('arms', written.arms);
    const conditions = written.decides.map((condition, index) =>
      this.#condition(condition, index, figures),
    );
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
    const present = <T>(values: readonly (T | null)[]): T[] =>
      values.filter((value) => value !== null);
    return { figures: present(figures), arms: present(arms), conditions: present(conditions) };
  }

  #figure({ name, title, unit }: WrittenFigure, index: number): ClaimFigure | null {
    const own = ownFigure(name);
    if (own !== null) return { ...own, title: title ?? own.title };
    if (title !== undefined && unit !== undefined) {
      return { name, title, unit, resolution: 0, exact: false };
    }
    const near = nearestName(name, ownFigureNames);
    return this.#wrong(
      ['figures', index, 'name'],
      'is none of c1m’s own figures, so that its title and unit are not known',
      `${near === null ? '' : `Did you mean ${near}? `}Give it both, such as {name: ${name}, title: time per call, unit: ns}.`,
    );
  }

  async #arm(arm: WrittenArm, index: number): Promise<ArmPlan | null> {
    const at = ['arms', index];
    const measurement = await this.#measurement(arm, at);
    const word = arm.program ?? arm.server;
    if (measurement === null || word === undefined) return null;
    const role = arm.program === undefined ? 'server' : 'program';
    const target = await this.#reading([...at, role], () => this.#target(word, role));
    if (target === null) return null;
    const { manifest } = target;
    if (manifest.role !== role) {
      return this.#wrong(
        [...at, role],
        `${word} is a ${manifest.role}`,
        `Write ${manifest.role}: ${word}.`,
      );
    }
    const env = { ...manifest.env, ...arm.env };
    return {
      name: arm.name,
      target: { ...target, manifest: { ...manifest, env } },
      ...measurement,
    };
  }

  async #measurement(arm: WrittenArm, at: PropertyKey[]) {
    const { program, command, operations, server, measure, calls } = arm;
    if ((program === undefined) === (server === undefined)) {
      return this.#wrong(
        at,
        'has to name either a program or a server',
        'Write one of them: program: ./bus, or server: go-bare.',
      );
    }
    if (program !== undefined) {
      if (command === undefined)
        return this.#wrong(at, 'its program has no command', claimWords.examples['command']!);
      return { kind: 'program', command, operations: operations ?? null } as const;
    }
    if ((arm.scenario === undefined) === (measure === undefined)) {
      return this.#wrong(
        at,
        'has to say what is measured of its server',
        'Write either scenario: NAME, or measure: start, or measure: image.',
      );
    }
    if (measure !== undefined) return { kind: measure } as const;
    const read = await this.#reading([...at, 'scenario'], async () =>
      loadScenario(await findScenario(this.#path(arm.scenario!))),
    );
    if (read === null) return null;
    const everyMillis = (arm.every ?? 1e6) / 1e3;
    const scrape = arm.scrape === undefined ? null : { path: arm.scrape, everyMillis };
    const scenario = arm.connections === undefined ? read : withConnections(read, arm.connections);
    return { kind: 'load', scenario, scrape, calls } as const;
  }

  #condition(
    written: WrittenCondition,
    index: number,
    figures: readonly (ClaimFigure | null)[],
  ): Condition | null {
    const at = ['decides', index];
    const armNames = this.written.arms.map(({ name }) => name);
    for (const part of ['arm', 'over'] as const) {
      const name = written[part];
      if (name !== undefined && !armNames.includes(name))
        this.#unknown([...at, part], name, 'arm', armNames);
    }
    const names = this.written.figures.map(({ name }) => name);
    if (!names.includes(written.figure)) {
      return this.#unknown([...at, 'figure'], written.figure, 'figure', names);
    }
    const figure = figures[names.indexOf(written.figure)];
    const given = boundKinds.filter((kind) => written[kind] !== undefined);
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      return this.#wrong(
        at,
        'has to have one bound',
        `Write one of ${boundKinds.join(', ')}, such as below: 10ms.`,
      );
    }
    if (figure === null || figure === undefined) return null;
    const { says, arm, over = null } = written;
    const parsed = parseAmount(written[kind]!, over === null ? figure : null);
    if (!parsed.ok) return this.#wrong([...at, kind], parsed.message, parsed.remedy);
    return { says, figure, arm, over, bound: { kind, amount: parsed.value } };
  }

  async #target(word: string, role: 'server' | 'program'): Promise<Target> {
    if (word.includes('/')) return readTarget(this.#path(word));
    return selectTargets(await loadCatalog(), [word], role)[0]!;
  }

  /** What has a slash is relative to the claim's file. */
  #path(word: string): string {
    return word.includes('/') ? resolve(this.folder, word) : word;
  }

  /** null, with its problems told, where it rejects with them; at the line that named the file. */
  async #reading<T>(path: PropertyKey[], read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const { where, message, remedy } of error.problems) {
        this.#wrong(path, `${where}: ${message}`, remedy);
      }
      return null;
    }
  }

  #refuseTwins(part: 'figures' | 'arms', named: readonly { readonly name: string }[]): void {
    for (const [index, { name }] of named.entries()) {
      if (named.findIndex((other) => other.name === name) === index) continue;
      this.#wrong(
        [part, index, 'name'],
        `another one is named "${name}"`,
        'Give each a name of its own.',
      );
    }
  }

  #unknown(path: PropertyKey[], name: string, what: string, known: readonly string[]): null {
    const near = nearestName(name, known);
    const remedy = near === null ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
    return this.#wrong(path, `there is no ${what} "${name}"`, remedy);
  }

  #wrong(path: PropertyKey[], message: string, remedy: string): null {
    this.#problems.push({
      where: this.source.locate(path),
      message: `${label(path)}: ${message}`,
      remedy,
    });
    return null;
  }
}

/** The same load over another number of connections, in each of its phases. */
function withConnections(scenario: Scenario, count: number): Scenario {
  const connections = { from: count, to: count };
  const phases = scenario.phases.map((phase) => ({ ...phase, connections }));
  return { ...scenario, phases };
}

/** In the unit of a figure; a ratio, which has none, where that is null. */
function parseAmount(written: string | number, figure: ClaimFigure | null): Parsed<number> {
  const text = String(written);
  if (figure === null) return parseDecimal(text);
  if (figure.unit === 'ns') {
    const nanos = /^([\d.]+)\s*ns$/.exec(text.trim())?.[1];
    if (nanos !== undefined) return parseDecimal(nanos);
    const micros = parseTime(text);
    return micros.ok ? { ok: true, value: micros.value * 1000 } : micros;
  }
  return unitParsers[figure.unit](text);
}
