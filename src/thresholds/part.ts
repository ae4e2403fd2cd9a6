/** What a condition is asked of, where it is not the whole trial. */
export interface Part {
  readonly phase: string;
  /** One of the scenario's several requests in that phase; null: all of it. */
  readonly request: string | null;
}

interface Phased {
  readonly name: string;
  /** Whether it is under load, so that its requests have figures. */
  readonly sends: boolean;
}

/**
 * The part of a name: that of a phase, `PHASE.REQUEST`, or, where only one phase is under load, that of
 * a request. null where there is none of the name.
 */
export function partNamed(
  name: string,
  phases: readonly Phased[],
  requests: readonly string[],
): Part | null {
  if (phases.some((phase) => phase.name === name)) return { phase: name, request: null };
  const parts = requestParts(phases, requests);
  return parts.find(({ names }) => names.includes(name))?.part ?? null;
}

/** All names that requests have, the shortest of each first. */
export function requestPartNames(phases: readonly Phased[], requests: readonly string[]): string[] {
  return requestParts(phases, requests).map(({ names }) => names[0]!);
}

function requestParts(
  phases: readonly Phased[],
  requests: readonly string[],
): { readonly names: readonly string[]; readonly part: Part }[] {
  const sending = phases.filter(({ sends }) => sends);
  return sending.flatMap(({ name: phase }) =>
    requests.map((request) => {
      const whole = `${phase}.${request}`;
      const names = sending.length === 1 ? [request, whole] : [whole];
      return { names, part: { phase, request } };
    }),
  );
}
