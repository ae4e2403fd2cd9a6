import type { Manifest, RuntimeName } from './manifest.js';
import { findGo } from './toolchains/go.js';
import { findJava } from './toolchains/java.js';
import { findNode, ownNode } from './toolchains/node.js';
import { findPython } from './toolchains/python.js';
import { hostPlaces, newest, type Candidate, type SearchPlaces } from './toolchains/search.js';
import { satisfies } from './version.js';

/** What a runtime's programs are built and started with. `commands` fills the manifest's placeholders. */
export interface Toolchain {
  found: true;
  runtime: RuntimeName;
  version: string;
  commands: Record<string, string>;
}

interface MissingToolchain {
  found: false;
  runtime: RuntimeName;
  reason: string;
  remedy: string;
}

type Language = Exclude<RuntimeName, 'none'>;

const languages: Record<
  Language,
  { title: string; remedy: string; find: (places: SearchPlaces) => Promise<Candidate[]> }
> = {
  go: {
    title: 'Go',
    remedy: 'Install it from https://go.dev/dl/, or put its bin folder on the PATH.',
    find: findGo,
  },
  java: {
    title: 'Java',
    remedy: 'Install Temurin: https://adoptium.net, or set JAVA_HOME to a JDK.',
    find: findJava,
  },
  python: {
    title: 'Python',
    remedy:
      'Install it from https://www.python.org/downloads/ or with pyenv (Debian, Ubuntu: apt install python3-venv).',
    find: findPython,
  },
  node: {
    title: 'Node',
    remedy: 'Install it from https://nodejs.org/, or run c1m itself with a newer Node.',
    find: findNode,
  },
};

/** Looks for toolchains where people keep them; each runtime is searched for once. */
export class Toolchains {
  readonly #places: SearchPlaces;
  readonly #searches = new Map<Language, Promise<Candidate[]>>();

  constructor(places: SearchPlaces = hostPlaces()) {
    this.#places = places;
  }

  async find(requirement: Manifest['runtime']): Promise<Toolchain | MissingToolchain> {
    const { name, minVersion } = requirement;
    if (name === 'none') return { found: true, runtime: name, version: '', commands: {} };
    const own = name === 'node' ? [ownNode()] : [];
    // c1m's own Node is taken wherever it will do.
    if (own[0] !== undefined && satisfies(own[0].version, minVersion)) {
      return toolchain(name, own[0]);
    }
    const candidates = [...own, ...(await this.#search(name))];
    const best = newest(candidates, minVersion);
    return best === undefined ? missing(name, minVersion, candidates) : toolchain(name, best);
  }

  #search(name: Language): Promise<Candidate[]> {
    const search = this.#searches.get(name) ?? languages[name].find(this.#places);
    this.#searches.set(name, search);
    return search;
  }
}

function toolchain(runtime: Language, { version, commands }: Candidate): Toolchain {
  return { found: true, runtime, version: version.text, commands };
}

function missing(
  runtime: Language,
  minVersion: string | undefined,
  candidates: readonly Candidate[],
): MissingToolchain {
  const { title, remedy } = languages[runtime];
  const wanted = minVersion === undefined ? title : `${title} ≥ ${minVersion}`;
  const found = candidates.map(
    ({ version, where, defect }) =>
      `${version.text} at ${where}${defect === undefined ? '' : ` (${defect})`}`,
  );
  const detail = found.length === 0 ? '' : ` (found ${found.join(', ')})`;
  return { found: false, runtime, reason: `${wanted} not found${detail}`, remedy };
}
