/** Who sends more than one message in a call. */
export type GrpcKind = 'unary' | 'client-streaming' | 'server-streaming' | 'bidirectional';

/** A gRPC call: its content are messages, and the status behind the answer says what became of it. */
export interface GrpcCall {
  /** As `package.Service/Method`. */
  readonly method: string;
  readonly kind: GrpcKind;
  /** As they were written, in JSON; null: their octets came from a file. */
  readonly written: string | null;
  /** One after the other, each in the parts that it is encoded from. */
  readonly messages: readonly (readonly MessagePart[])[];
  /**
   * The call is held open while message after message goes and comes: each is a request, and the next
   * that comes back is its answer.
   */
  readonly pingPong: boolean;
  /** The .proto files that define the method, as they were named; null: the server did, or nobody. */
  readonly files: ServiceFiles | null;
}

/** The .proto files that describe a service, and where what they import is looked for. */
export interface ServiceFiles {
  readonly files: readonly string[];
  /** Beside the folders of the files themselves. */
  readonly importPaths: readonly string[];
}

/** `package.Service/Method`, of a method that may be written with a dot in place of the slash. */
export function methodPath(written: string): string {
  const name = written.replace(/^[/.]/, '');
  return name.includes('/') ? name : name.replace(/\.([^.]*)$/, '/$1');
}

/** Whether it is answered with a stream of messages. */
export function answersWithMany({ kind }: Pick<GrpcCall, 'kind'>): boolean {
  return kind === 'server-streaming' || kind === 'bidirectional';
}

/**
 * A part of a message in the wire format of Protocol Buffers. `tag`: the field's number and wire type,
 * encoded. Texts are templates.
 */
export type MessagePart =
  /** Encoded already: it is the same each time. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'text'; readonly tag: Uint8Array; readonly text: string }
  | {
      readonly kind: 'number';
      readonly tag: Uint8Array;
      readonly type: NumberType;
      readonly text: string;
    }
  | { readonly kind: 'message'; readonly tag: Uint8Array; readonly parts: readonly MessagePart[] };

/** How a number is encoded: `varint` of int32, int64, uint32 and uint64; `zigzag` of sint32 and sint64. */
export type NumberType = 'varint' | 'zigzag' | 'fixed32' | 'fixed64' | 'float' | 'double';
