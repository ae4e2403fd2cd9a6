/** What both sides begin with (RFC 9113 §6.5.2), and the most that a server may use here. */
const mostTableBytes = 4096;
/** Of each entry, beside its octets (RFC 7541 §4.1). */
const entryBytes = 32;
const mostEntries = mostTableBytes / entryBytes;

/**
 * Fields that a server has said once and refers to by number (RFC 7541 §2.3.2), of one connection: of
 * each, what it means to c1m, and how long it is.
 */
class DynamicTable {
  readonly #meanings = new Int8Array(mostEntries);
  readonly #values = new Float64Array(mostEntries);
  readonly #nameLengths = new Uint16Array(mostEntries);
  readonly #sizes = new Uint16Array(mostEntries);
  /** Where the newest stands. */
  #newest = 0;
  #bytes = 0;
  count = 0;

  /** Makes room for an entry by evicting the oldest; one that is too long empties the table. */
  add(
    capacity: number,
    meaning: number,
    value: number,
    nameLength: number,
    valueLength: number,
  ): void {
    const size = nameLength + valueLength + entryBytes;
    this.evict(Math.max(0, capacity - size));
    if (size > capacity) return;
    this.#newest = (this.#newest + 1) % mostEntries;
    this.#meanings[this.#newest] = meaning;
    this.#values[this.#newest] = value;
    this.#nameLengths[this.#newest] = nameLength;
    this.#sizes[this.#newest] = size;
    this.#bytes += size;
    this.count++;
  }

  /** Evicts the oldest until so many octets are left at the most. */
  evict(bytes: number): void {
    while (this.#bytes > bytes) {
      this.#bytes -= this.#sizes[this.#placeOf(this.count - 1)]!;
      this.count--;
    }
  }

  /** @param index 0: the newest */
  meaning(index: number): number {
    return this.#meanings[this.#placeOf(index)]!;
  }

  value(index: number): number {
    return this.#values[this.#placeOf(index)]!;
  }

  nameLength(index: number): number {
    return this.#nameLengths[this.#placeOf(index)]!;
  }

  #placeOf(index: number): number {
    return (this.#newest - index + mostEntries) % mostEntries;
  }
}

/**
 * The tables of all connections. c1m tells servers to use none (SETTINGS_HEADER_TABLE_SIZE 0), and most
 * say then that they do so; h2o goes on to use the one that it began with.
 */
export class DynamicTables {
  readonly #tables: (DynamicTable | null)[];
  readonly #capacity: Uint16Array;

  constructor(connections: number) {
    this.#tables = new Array<DynamicTable | null>(connections).fill(null);
    this.#capacity = new Uint16Array(connections).fill(mostTableBytes);
  }

  /** A connection's place is free. */
  forget(connection: number): void {
    this.#tables[connection] = null;
    this.#capacity[connection] = mostTableBytes;
  }

  capacity(connection: number): number {
    return this.#capacity[connection]!;
  }

  /** Null: nothing is in it. */
  of(connection: number): DynamicTable | null {
    return this.#tables[connection]!;
  }

  /** @returns the table, to be filled */
  used(connection: number): DynamicTable {
    return (this.#tables[connection] ??= new DynamicTable());
  }

  /** @returns whether the server may have a table of so many octets */
  resize(connection: number, bytes: number): boolean {
    if (bytes > mostTableBytes) return false;
    this.#capacity[connection] = bytes;
    this.#tables[connection]?.evict(bytes);
    return true;
  }
}
