import { nearestName } from '../basis/nearest-name.js';
import { ConfigError } from '../basis/problem.js';
import type { Describing } from '../load/describing.js';
import type { GrpcCall } from '../load/grpc-call.js';
import type { DataTable } from '../load/plan.js';
import { resolveOrigins } from '../load/resolve.js';
import { callOf, type AskedCall, type CallPlaces } from './call.js';
import { findMethod, serviceOf } from './method.js';
import { Reflection } from './reflection.js';
import { CallError, UnaryCaller } from './unary-caller.js';

/**
 * A call of a method that the server itself describes
 * (https://grpc.io/docs/guides/reflection/).
 * @throws ConfigError
 */
export async function reflectedCall(
  { origin, tls, detours }: Describing,
  asked: AskedCall,
  data: DataTable | null,
  places: CallPlaces,
): Promise<GrpcCall> {
  const wrong = (message: string, remedy: string): ConfigError =>
    new ConfigError([{ where: places.method, message, remedy }]);
  const { method } = asked;
  let caller: UnaryCaller | null = null;
  try {
    const [first] = await resolveOrigins(origin, undefined, detours);
    caller = await UnaryCaller.connect(first!, tls);
    const reflection = new Reflection(caller);
    const root = await reflection.describe(serviceOf(method));
    if (root === null) {
      const all = await reflection.services();
      const near = nearestName(serviceOf(method), all);
      const remedy = near === null ? `There are ${all.join(', ')}.` : `Did you mean ${near}?`;
      throw wrong(`the server has no service ${serviceOf(method)}`, remedy);
    }
    return callOf(findMethod(root, method, places.method), asked, data, places);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof CallError && error.isUnimplemented) {
      const remedy = `Name the file that defines the method: ${places.proto}.`;
      throw wrong('the server does not describe its services (no reflection)', remedy);
    }
    throw wrong(
      `the server could not be asked what its messages look like: ${(error as Error).message}`,
      `Check that it runs there; or name the file that defines the method: ${places.proto}.`,
    );
  } finally {
    caller?.close();
  }
}
