import type { TargetUrl } from '../config/target-url.js';
import type { Target } from '../targets/catalog.js';

/** A server that runs already, at one URL or several; they share a path and the connections. */
export interface UrlSubject {
  readonly kind: 'urls';
  /** As reports name it. */
  readonly name: string;
  /** At least one. */
  readonly urls: readonly TargetUrl[];
  /** The process to measure beside the load; null where it is not known. */
  readonly pid: number | null;
}

/** What c1m can build and start, by its target.yaml. */
export interface TargetSubject {
  readonly kind: 'target';
  /** As reports name it. */
  readonly name: string;
  readonly target: Target;
}

/** A shell command that serves the port in its environment (PORT), or in place of `{port}`. */
export interface CommandSubject {
  readonly kind: 'command';
  /** As reports name it. */
  readonly name: string;
  readonly command: string;
  /** It is up when it answers this with 200. */
  readonly path: string;
  /** How the user gave it, for errors: the name of a flag. */
  readonly where: string;
}

/** A target that is no server: it is measured through its standard input (targets/PROGRAM.md). */
export interface ProgramSubject {
  readonly kind: 'program';
  readonly name: string;
  readonly target: Target;
}

/** Whom a measurement is of. Made where words are read; nothing below takes words for one. */
type Subject = UrlSubject | TargetSubject | CommandSubject | ProgramSubject;

export type ServerSubject = Exclude<Subject, ProgramSubject>;

/** What `run` takes. */
export type RunSubject = Extract<Subject, { readonly kind: 'urls' | 'target' }>;
