import type { RequestSpec } from '../load/plan.js';
import { keptUrl } from './secrets.js';

/** A request as it is written, which need not have a name. */
type Written = Pick<RequestSpec, 'method' | 'path'> & { readonly name: string | null };

/** Method and path, as far as they may be shown; a request without a path of its own has no more than a method. */
function defaultRequestName({ method, path }: Pick<RequestSpec, 'method' | 'path'>): string {
  return path === '' ? method : `${method} ${keptUrl(path)}`;
}

/** The names that were given, and for the others such as `GET /users`, with a number where that is taken. */
export function requestNames(requests: readonly Written[]): string[] {
  const taken = new Set(requests.flatMap(({ name }) => name ?? []));
  return requests.map((request) => {
    if (request.name !== null) return request.name;
    const first = defaultRequestName(request);
    let name = first;
    for (let number = 2; taken.has(name); number++) name = `${first} (${number})`;
    taken.add(name);
    return name;
  });
}
