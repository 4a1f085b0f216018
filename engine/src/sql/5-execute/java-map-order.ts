/**
 * In which order Flink walks over the rows that a join keeps: its heap state is a `java.util.HashMap` by `BinaryRowData`, so the order is that
 * of the buckets, which follow from the bytes of the rows. An aggregation or a rank above the join shows the order in its updates, and the
 * order is the same in every run, so recorded changelogs hold us to it.
 *
 * A row's bytes (Flink: `BinaryRowWriter`): the bits of NULL, eight bytes per field, behind them what needs more; its hash is murmur over
 * 4-byte words with the seed 42; the bucket `(h ^ h >>> 16) & (size - 1)` of a table that doubles when it is three quarters full. Limits:
 * ARRAY, MAP, ROW and their like are not written here, such rows keep the order in which they came; a table that has shrunk is taken
 * for one that never was bigger.
 */
import type { LogicalType } from "../../types/logical-type.ts";
import { FIELD_OFFSET, type Row } from "../../types/row.ts";
import { msOf, nanosOfMs, type Timestamp } from "../../types/timestamp.ts";
import { murmurOfBytes } from "../functions/murmur-bytes.ts";
import { utf8Encode } from "../functions/utf8.ts";

type RowHash = (row: Row) => number;

const HEADER_BITS = 8;
const MOST_INLINE_BYTES = 7;
const COMPACT_DECIMAL_PRECISION = 18;
const COMPACT_TIMESTAMP_PRECISION = 3;
/** Of `HashMap`. */
const LEAST_BUCKETS = 16;

/** Bytes of one row at a time. */
class RowBytes {
  private bytes = new Uint8Array(256);
  private view = new DataView(this.bytes.buffer);
  private end = 0;
  private fieldsAt = 0;

  begin(arity: number): void {
    this.fieldsAt = ((arity + 63 + HEADER_BITS) >> 6) * 8;
    this.end = this.fieldsAt + arity * 8;
    if (this.end > this.bytes.length) this.grow(this.end);
    this.bytes.fill(0, 0, this.end);
  }

  private grow(needed: number): void {
    const bigger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bigger.set(this.bytes);
    this.bytes = bigger;
    this.view = new DataView(bigger.buffer);
  }

  nullAt(index: number): void {
    const bit = index + HEADER_BITS;
    this.bytes[bit >> 3] |= 1 << (bit & 7);
  }

  int8(index: number, value: number): void {
    this.view.setInt8(this.fieldsAt + index * 8, value);
  }

  int16(index: number, value: number): void {
    this.view.setInt16(this.fieldsAt + index * 8, value, true);
  }

  int32(index: number, value: number): void {
    this.view.setInt32(this.fieldsAt + index * 8, value, true);
  }

  int64(index: number, value: number | bigint): void {
    this.long(this.fieldsAt + index * 8, value);
  }

  private long(at: number, value: number | bigint): void {
    if (typeof value === "bigint") {
      this.view.setBigInt64(at, value, true);
      return;
    }
    this.view.setUint32(at, value >>> 0, true);
    this.view.setInt32(at + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  float32(index: number, value: number): void {
    this.view.setFloat32(this.fieldsAt + index * 8, value, true);
  }

  float64(index: number, value: number): void {
    this.view.setFloat64(this.fieldsAt + index * 8, value, true);
  }

  blob(index: number, value: Uint8Array): void {
    const at = this.fieldsAt + index * 8;
    if (value.length <= MOST_INLINE_BYTES) {
      this.bytes.set(value, at);
      this.bytes[at + 7] = value.length | 0x80;
      return;
    }
    this.view.setInt32(at, value.length, true);
    this.view.setInt32(at + 4, this.end, true);
    const padded = (value.length + 7) & ~7;
    if (this.end + padded > this.bytes.length) this.grow(this.end + padded);
    this.bytes.fill(0, this.end, this.end + padded);
    this.bytes.set(value, this.end);
    this.end += padded;
  }

  /** More precise than ms: the nanoseconds of the ms in the field, the ms behind. */
  preciseTimestamp(index: number, value: Timestamp): void {
    const ms = msOf(value);
    const at = this.fieldsAt + index * 8;
    this.view.setInt32(at, nanosOfMs(value), true);
    this.view.setInt32(at + 4, this.end, true);
    this.behind(8);
    this.long(this.end, ms);
    this.end += 8;
  }

  /** A big number, in the fewest bytes, highest first. */
  bigDecimal(index: number, value: bigint): void {
    const digits: number[] = [];
    let rest = value;
    do {
      digits.unshift(Number(rest & 0xffn));
      rest >>= 8n;
    } while (!((rest === 0n && digits[0] < 0x80) || (rest === -1n && digits[0] >= 0x80)));
    const at = this.fieldsAt + index * 8;
    this.view.setInt32(at, digits.length, true);
    this.view.setInt32(at + 4, this.end, true);
    this.behind(16);
    this.bytes.set(digits, this.end);
    this.end += 16;
  }

  /** NULL keeps its room. */
  noBigDecimal(index: number): void {
    this.nullAt(index);
    this.view.setInt32(this.fieldsAt + index * 8 + 4, this.end, true);
    this.behind(16);
    this.end += 16;
  }

  noPreciseTimestamp(index: number): void {
    this.nullAt(index);
    this.view.setInt32(this.fieldsAt + index * 8 + 4, this.end, true);
    this.behind(8);
    this.end += 8;
  }

  private behind(size: number): void {
    if (this.end + size > this.bytes.length) this.grow(this.end + size);
    this.bytes.fill(0, this.end, this.end + size);
  }

  hash(): number {
    return murmurOfBytes(this.bytes, this.end);
  }
}

type FieldWriter = (bytes: RowBytes, index: number, value: never) => void;

interface Field {
  readonly at: number;
  readonly write: FieldWriter;
  readonly writeNull: (bytes: RowBytes, index: number) => void;
}

const nothing = (bytes: RowBytes, index: number): void => bytes.nullAt(index);

/** null = a type whose bytes are not known here. */
function writerOf(type: LogicalType): Omit<Field, "at"> | null {
  const simple = (write: FieldWriter): Omit<Field, "at"> => ({ write, writeNull: nothing });
  switch (type.root) {
    case "BOOLEAN":
      return simple((bytes, index, value: boolean) => bytes.int8(index, value ? 1 : 0));
    case "TINYINT":
      return simple((bytes, index, value: number) => bytes.int8(index, value));
    case "SMALLINT":
      return simple((bytes, index, value: number) => bytes.int16(index, value));
    case "INT":
    case "DATE":
    case "TIME":
    case "INTERVAL_YEAR_MONTH":
      return simple((bytes, index, value: number) => bytes.int32(index, value));
    case "BIGINT":
    case "INTERVAL_DAY_TIME":
      return simple((bytes, index, value: number | bigint) => bytes.int64(index, value));
    case "FLOAT":
      return simple((bytes, index, value: number) => bytes.float32(index, value));
    case "DOUBLE":
      return simple((bytes, index, value: number) => bytes.float64(index, value));
    case "CHAR":
    case "VARCHAR":
      return simple((bytes, index, value: string) => bytes.blob(index, utf8Encode(value)));
    case "BINARY":
    case "VARBINARY":
      return simple((bytes, index, value: Uint8Array) => bytes.blob(index, value));
    case "DECIMAL":
      return type.precision! <= COMPACT_DECIMAL_PRECISION
        ? simple((bytes, index, value: bigint) => bytes.int64(index, value))
        : {
            write: (bytes, index, value: bigint) => bytes.bigDecimal(index, value),
            writeNull: (bytes, index) => bytes.noBigDecimal(index),
          };
    case "TIMESTAMP":
    case "TIMESTAMP_LTZ":
      return type.precision! <= COMPACT_TIMESTAMP_PRECISION
        ? simple((bytes, index, value: number) => bytes.int64(index, value))
        : {
            write: (bytes, index, value: Timestamp) => bytes.preciseTimestamp(index, value),
            writeNull: (bytes, index) => bytes.noPreciseTimestamp(index),
          };
    default:
      return null;
  }
}

/** `hashCode()` of a `BinaryRowData` of these fields; null when one of them has no known bytes. @param types by field of the row */
export function binaryRowHash(types: readonly LogicalType[], fields: readonly number[]): RowHash | null {
  const writers: Field[] = [];
  for (const field of fields) {
    const writer = writerOf(types[field]);
    if (writer === null) return null;
    writers.push({ at: field + FIELD_OFFSET, ...writer });
  }
  const bytes = new RowBytes();
  return (row) => {
    bytes.begin(writers.length);
    for (let i = 0; i < writers.length; i++) {
      const { at, write, writeNull } = writers[i];
      const value = row[at];
      if (value === null) writeNull(bytes, i);
      else write(bytes, i, value as never);
    }
    return bytes.hash();
  };
}

/** Puts rows that have been kept under their hashes into the order in which a `HashMap` gives them. */
export class JavaMapOrder {
  private readonly hash: RowHash;
  private readonly buckets: number[] = [];

  constructor(hash: RowHash) {
    this.hash = hash;
  }

  /** The first `count` rows, in place; rows of one bucket stay as they are. */
  sort(rows: Row[], count: number): void {
    if (count < 2) return;
    let size = LEAST_BUCKETS;
    while (count > size * 0.75) size *= 2;
    const { buckets, hash } = this;
    for (let i = 0; i < count; i++) {
      const code = hash(rows[i]);
      buckets[i] = (code ^ (code >>> 16)) & (size - 1);
    }
    if (count > 32) {
      this.sortMany(rows, count);
      return;
    }
    for (let i = 1; i < count; i++) {
      const [row, bucket] = [rows[i], buckets[i]];
      let at = i - 1;
      for (; at >= 0 && buckets[at] > bucket; at--) {
        rows[at + 1] = rows[at];
        buckets[at + 1] = buckets[at];
      }
      rows[at + 1] = row;
      buckets[at + 1] = bucket;
    }
  }

  private sortMany(rows: Row[], count: number): void {
    const { buckets } = this;
    const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => buckets[a] - buckets[b] || a - b);
    const sorted = order.map((i) => rows[i]);
    for (let i = 0; i < count; i++) rows[i] = sorted[i];
  }
}
