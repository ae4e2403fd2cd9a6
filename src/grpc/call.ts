import type { Problem } from '../basis/problem.js';
import { ConfigError } from '../basis/problem.js';
import type { GrpcCall, MessagePart, ServiceFiles } from '../load/grpc-call.js';
import type { DataTable } from '../load/plan.js';
import { RequestError } from '../load/protocol/http1/request-error.js';
import { encodeParts, MessageError } from './message-parts.js';
import { parseMessageText } from './message-text.js';
import { findMethod, type Method } from './method.js';
import { readServiceFiles } from './service-files.js';

/** A call as it was asked for. */
export interface AskedCall {
  /** As `package.Service/Method`. */
  readonly method: string;
  /** The message, in JSON. */
  readonly written: string;
  readonly pingPong: boolean;
}

/** What named each part of a call, for problems: a flag, or a place in a scenario. */
export interface CallPlaces {
  readonly proto: string;
  readonly method: string;
  readonly message: string;
}

/**
 * A call of a method that .proto files define.
 * @param named the files as they were named, from the same folder or another
 * @throws ConfigError
 */
export async function describedCall(
  files: ServiceFiles,
  named: ServiceFiles,
  asked: AskedCall,
  data: DataTable | null,
  places: CallPlaces,
): Promise<GrpcCall> {
  const root = await readServiceFiles(files, places.proto);
  const method = findMethod(root, asked.method, places.method);
  return { ...callOf(method, asked, data, places), files: named };
}

const sendsMany = ['client-streaming', 'bidirectional'];

/**
 * A call of a method with what is sent, in JSON; a list is several messages one after the other.
 * @param data for `{row.name}`
 * @param where what holds the JSON, for problems
 * @throws ConfigError
 */
export function callOf(
  { name, kind, request }: Method,
  { written, pingPong }: AskedCall,
  data: DataTable | null,
  { method, message: where }: Pick<CallPlaces, 'method' | 'message'>,
): GrpcCall {
  if (pingPong && kind !== 'bidirectional') {
    const message = `${name} is ${kind}, and messages go and come on a call of a bidirectional method only`;
    throw wrong(
      method,
      message,
      'Name such a method, or leave --ping-pong out (in a scenario, pingPong).',
    );
  }
  const value = parsed(written, where);
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0)
    throw wrong(where, 'the list holds no message', 'Put one into it: [{}].');
  if (values.length > 1 && !sendsMany.includes(kind)) {
    const message = `${name} takes one message, and ${values.length} are given`;
    throw wrong(where, message, 'Give one, without the brackets of a list.');
  }
  if (values.length > 1 && pingPong) {
    const message = `${values.length} messages are given, and each that goes is answered before the next`;
    const remedy =
      'Give one; in a scenario, several requests are several messages of the same calls.';
    throw wrong(where, message, remedy);
  }
  const messages = values.map((one, index): readonly MessagePart[] => {
    const at = values.length === 1 ? '' : `message ${index + 1}: `;
    if (typeof one !== 'object' || one === null) {
      throw wrong(where, `${at}a message is an object in JSON`, `Such as {"name": "{seq}"}.`);
    }
    try {
      return encodeParts(request, one, data);
    } catch (error) {
      if (!(error instanceof MessageError || error instanceof RequestError)) throw error;
      const message = `${at}${error.message}`;
      throw wrong(where, message, `It is to be a ${request.fullName.slice(1)}: ${shape(request)}`);
    }
  });
  return { method: name, kind, written, messages, pingPong, files: null };
}

function parsed(written: string, where: string): unknown {
  try {
    return parseMessageText(written);
  } catch (error) {
    throw wrong(where, `it is not JSON: ${(error as Error).message}`, 'Write {"name": "value"}.');
  }
}

const mostFieldsShown = 12;

/** Its fields, for whoever does not have the file before them. */
function shape({ fieldsArray }: Method['request']): string {
  if (fieldsArray.length === 0) return '{} (it has no fields).';
  const shown = fieldsArray
    .slice(0, mostFieldsShown)
    .map(({ jsonName, type }) => `${jsonName} (${type})`);
  return `${shown.join(', ')}${fieldsArray.length > mostFieldsShown ? ' …' : ''}.`;
}

function wrong(where: string, message: string, remedy: string): ConfigError {
  const problem: Problem = { where, message, remedy };
  return new ConfigError([problem]);
}
